"""What is public is open; everything else is closed until a setting names it."""

import ipaddress

import pytest

from summarizer.adapters.web.address_guard import AddressGuard, closed
from summarizer.errors import AddressRefusedError, SettingsError

PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:82a::200e"]

CLOSED = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.7", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "64:ff9b::7f00:1",
    "64:ff9b::5db8:d70e", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1",
]  # fmt: skip


def a_guard(*answers: str, allowed: tuple[str, ...] = ()) -> AddressGuard:
    """A guard whose name server knows one answer to everything."""
    return AddressGuard(allowed, lambda host, port: answers)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_open(address):
    assert closed(ipaddress.ip_address(address)) is None
    assert a_guard(address).addresses("news.example", 443) == [address]


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_that_is_not_public_is_closed_under_its_own_name_and_any_other(address):
    guard = a_guard(address)

    for host in (address, "news.example"):
        with pytest.raises(AddressRefusedError, match="SUMMARIZER_ALLOWED_HOSTS"):
            guard.addresses(host, 443)


def test_one_closed_address_among_public_ones_closes_the_name():
    with pytest.raises(AddressRefusedError, match=r"news\.example \(10\.0\.0\.5\)"):
        a_guard("93.184.215.14", "10.0.0.5").addresses("news.example", 80)


@pytest.mark.parametrize("written", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_an_address_in_disguise_is_what_the_machine_makes_of_it(written):
    with pytest.raises(AddressRefusedError, match="this machine"):
        a_guard("127.0.0.1").addresses(written, 80)


def test_an_answer_that_is_no_address_is_closed():
    with pytest.raises(AddressRefusedError, match="not an address"):
        a_guard("localhost").addresses("news.example", 80)


def test_a_name_without_an_address_is_an_error_of_the_network():
    with pytest.raises(OSError, match="no address"):
        a_guard().addresses("news.example", 80)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "..example"])
def test_what_is_no_host_name_is_an_error_of_the_network(host):
    with pytest.raises(OSError, match="no host name"):
        AddressGuard().addresses(host, 80)


@pytest.mark.parametrize("port", [1, 22, 25, 6379, 8080, 65_535])
def test_other_ports_are_closed(port):
    with pytest.raises(AddressRefusedError, match="only ports 80 and 443"):
        a_guard("93.184.215.14").addresses("news.example", port)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/a",
        "file:///etc/passwd",
        "gopher://news.example/",
        "javascript:alert(1)",
        "//news.example/a",
        "news.example",
        "http://",
        "http://[::1",
        "http://news.example:99999/",
        "http://news.example:x/",
        "http://user:secret@news.example/",
        "http://news.example:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://news\t.example/",
        "http://news.example\\@127.0.0.1/",
        "http://news example/",
        "",
    ],
)
def test_a_url_is_refused_early_where_its_words_are_enough(url):
    with pytest.raises(AddressRefusedError) as caught:
        a_guard().check_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001", "127.0.1"),
        *("127.0.0.1.", "①②⑦.0.0.1", "127。0。0。1", "１２７.1", "%31%32%37.0.0.1", "134744072"),
        *("localhost", "LOCALHOST.", "ｌｏｃａｌｈｏｓｔ", "a.localhost", "localhost.localdomain"),
        *("metadata", "metadata.google.internal", "printer.local", "router.home.arpa", "nas.lan"),
        *("loc%61lhost", "news..example", "-", "[::1]", "[::ffff:7f00:1]", "[fe80::1%25eth0]"),
    ],
)
def test_a_host_that_cannot_be_public_is_refused_before_a_look_up(host):
    with pytest.raises(AddressRefusedError):
        a_guard("93.184.215.14").check_url(f"http://{host}/hook")


@pytest.mark.parametrize(
    "host", ["127.0.0.1.nip.example", "xn--bcher-kva.example", "bücher.example", "a_b.example"]
)
def test_a_name_that_only_a_look_up_decides_passes_the_early_look(host):
    assert a_guard().check_url(f"https://{host}/hook") is None  # and no error


@pytest.mark.parametrize(
    ("entry", "passes"),
    [("archive.internal", True), ("10.0.0.0/8", True), ("other.internal", False), ("x:81", False)],
)
def test_an_inner_name_passes_the_early_look_when_a_setting_may_allow_it(entry, passes):
    guard = a_guard(allowed=(entry,))
    if passes:
        guard.check_url("http://archive.internal/")
    else:
        with pytest.raises(AddressRefusedError, match="inner network"):
            guard.check_url("http://archive.internal/")


@pytest.mark.parametrize(
    "url", ["http://news.example/a", "https://news.example:443", "HTTP://NEWS.EXAMPLE./x?y#z"]
)
def test_a_plain_url_passes_the_early_look(url):
    assert a_guard().check_url(url) is None  # and no error


@pytest.mark.parametrize(
    ("entry", "host", "answer", "port", "is_open"),
    [
        ("archive.internal", "archive.internal", "10.0.0.5", 443, True),
        ("archive.internal", "ARCHIVE.internal.", "10.0.0.5", 80, True),
        ("archive.internal", "archive.internal", "10.0.0.5", 8080, False),
        ("archive.internal:8080", "archive.internal", "10.0.0.5", 8080, True),
        ("archive.internal:8080", "archive.internal", "10.0.0.5", 80, False),
        ("archive.internal", "other.internal", "10.0.0.5", 443, False),
        ("archive.internal", "x.archive.internal", "10.0.0.5", 443, False),
        ("10.0.0.5", "anything.example", "10.0.0.5", 443, True),
        ("10.0.0.0/8", "anything.example", "10.9.9.9", 443, True),
        ("10.0.0.0/8", "anything.example", "192.168.0.1", 443, False),
        ("10.0.0.0/8:9000", "anything.example", "10.9.9.9", 9000, True),
        ("[::1]:8080", "localhost", "::1", 8080, True),
        ("fd00::/8", "archive.internal", "fd00::5", 443, True),
        ("127.0.0.1:8123", "localhost", "127.0.0.1", 8123, True),
        ("127.0.0.1:8123", "localhost", "127.0.0.1", 80, False),
        ("news.example:8443", "news.example", "93.184.215.14", 8443, True),
    ],
)
def test_a_setting_opens_exactly_what_it_names(entry, host, answer, port, is_open):
    guard = a_guard(answer, allowed=(entry,))

    if is_open:
        assert guard.addresses(host, port) == [answer]
    else:
        with pytest.raises(AddressRefusedError):
            guard.addresses(host, port)


@pytest.mark.parametrize(
    "entry", ["", "a b", "http://x.example", "x:0", "x:70000", "10.0.0.0/99", "::1", "[::1", "x/y"]
)
def test_an_entry_that_cannot_be_read_is_a_fault_of_the_settings(entry):
    with pytest.raises(SettingsError, match=r"neither a host name|not a network"):
        a_guard(allowed=(entry,))
