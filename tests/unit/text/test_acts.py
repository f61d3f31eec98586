"""Acts of sentences: who accuses, answers and decides, by grammar."""

import pytest

from summarizer.domain.accusations import ReplyKind
from summarizer.domain.claims import Position
from summarizer.text.acts import Act, acts
from summarizer.text.parties import Party


def short(party: Party) -> str:
    return party.name or party.text


def told(sentence: str) -> list[Act]:
    return list(acts([sentence])[0])


ACCUSATIONS = [
    # sentence, accusers, accused, stage
    ("A former clerk alleges that Tolven Grain hid 400 tons.", ["A former clerk"],
     ["Tolven Grain"], "ALLEGED"),
    ("Three nurses sued the Harrow Clinic.", ["Three nurses"], ["Harrow Clinic"], "CHARGED"),
    ("Students accused the lecturer Pell Adair.", ["Students"], ["Pell Adair"], "ALLEGED"),
    ("Ada Lorn accused Orvane Group of fraud.", ["Ada Lorn"], ["Orvane Group"], "ALLEGED"),
    ("Ada Lorn suspected Mayor Ilse Drummond of theft.", ["Ada Lorn"], ["Mayor Ilse Drummond"],
     "REPORTED"),
    ("Residents blamed the council for the flood.", ["Residents"], ["the council"], "ALLEGED"),
    ("The Harrow Clinic was sued by three nurses over unpaid wages.", ["three nurses"],
     ["Harrow Clinic"], "CHARGED"),
    ("Mara Vell, a nurse, filed a complaint against the clinic.", ["Mara Vell"], ["the clinic"],
     "ALLEGED"),
    ("The regulator fined Varnway $3 million.", ["The regulator"], ["Varnway"], "FOUND"),
    ("Prosecutors charged two former directors of Acme with fraud.", ["Prosecutors"],
     ["two former directors of Acme"], "CHARGED"),
    ("The union said Acme had misled its workers.", ["The union"], ["Acme"], "ALLEGED"),
    ("A lawsuit against Acme by 40 tenants was filed on Monday.", ["40 tenants"], ["Acme"],
     "CHARGED"),
    ("Acme was accused of selling data without consent.", [], ["Acme"], "ALLEGED"),
    ("Acme faces accusations of bribery.", [], ["Acme"], "ALLEGED"),
    ("The witness reported the mayor to the police.", ["The witness"], ["the mayor"], "ALLEGED"),
    ("Parents complained about the school.", ["Parents"], ["the school"], "ALLEGED"),
    ("Acme settled a lawsuit by its former staff for $2 million.", ["its former staff"], ["Acme"],
     "SETTLED"),
    ("The jury found the company liable for the deaths.", ["The jury"], ["the company"], "FOUND"),
    ("The agency opened an investigation into Acme.", ["The agency"], ["Acme"], "REPORTED"),
    ("The lab Aldermoor AI accused Skaldic Systems and Nine Rivers Compute of theft.",
     ["Aldermoor AI"], ["Skaldic Systems", "Nine Rivers Compute"], "ALLEGED"),
    ("Two engineers, who asked not to be named, said that managers had falsified records.",
     ["Two engineers"], ["managers"], "ALLEGED"),
    ("Acme is being sued by 40 states for deceiving users.", ["40 states"], ["Acme"], "CHARGED"),
    ("Senator Ada Lorn denounced the ministry for its silence.", ["Senator Ada Lorn"],
     ["the ministry"], "ALLEGED"),
    ("Rangers blamed Acme's software.", ["Rangers"], ["Acme"], "ALLEGED"),
    ("Two men said that Father Anton Kreel had beaten them.", ["Two men"], ["Father Anton Kreel"],
     "ALLEGED"),
    ("The director Hana Pors knew of the mould for years, nurses say.", ["nurses"], ["Hana Pors"],
     "ALLEGED"),
    ("Kestrel Air is under fire over a child who was left behind.", [], ["Kestrel Air"],
     "ALLEGED"),
    ("The mayor came under fire from residents for a trip to Rome.", [], ["The mayor"], "ALLEGED"),
    ("The clinic closed a ward amid allegations of abuse against Dr Felix Rahm.", [],
     ["Dr Felix Rahm"], "ALLEGED"),
    ("State v. Ellery Dorn, case 26-311: theft of public money.", ["State"], ["Ellery Dorn"],
     "CHARGED"),
    ("An official said the minister Vito Sarn took watches from a builder.", ["An official"],
     ["Vito Sarn"], "ALLEGED"),
    ("Vera Lomm says the judge Sam Tolk took 50,000 euros from a landlord.", ["Vera Lomm"],
     ["Sam Tolk"], "ALLEGED"),
    ("Brook School ignored bullying, according to a lawsuit by parents.",
     ["a lawsuit by parents"], ["Brook School"], "ALLEGED"),
    ("Tolk says Lomm tried to blackmail him.", ["Tolk"], ["Lomm"], "ALLEGED"),
    ("The union charged that Acme hid the deaths.", ["The union"], ["Acme"], "ALLEGED"),
    ("Residents blamed the flood on the dam's operator, Vell Power.", ["Residents"],
     ["Vell Power"], "ALLEGED"),
    ("The board put the blame on its former treasurer, Pell Adair.", ["The board"],
     ["Pell Adair"], "ALLEGED"),
    ("Ida Lorn was arrested on suspicion of fraud.", [], ["Ida Lorn"], "ALLEGED"),
    ("Police held two men on charges of theft.", ["Police"], ["two men"], "ALLEGED"),
    ("Critics say the mayor broke the law when she fired the clerk.", ["Critics"],
     ["the mayor"], "ALLEGED"),
    ("The police charged Ida Lorn for fraud.", ["The police"], ["Ida Lorn"], "CHARGED"),
    ("Prosecutors charged Vardo Coin for selling unlicensed shares.", ["Prosecutors"],
     ["Vardo Coin"], "CHARGED"),
    ("Convicted fraudster Leon Stagg is linked to the company.", [], ["the company"], "ALLEGED"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "by", "of", "stage"), ACCUSATIONS)
def test_an_accusation_has_accuser_accused_and_stage(
    sentence: str, by: list[str], of: list[str], stage: str
) -> None:
    found = [act for act in told(sentence) if act.of]
    assert len(found) == 1
    (act,) = found
    assert [short(p) for p in act.by] == by
    assert [short(p) for p in act.of] == of
    assert act.stage is not None
    assert act.stage.name == stage


@pytest.mark.parametrize(
    "sentence",
    [
        "The union did not accuse Acme of fraud.",
        "Acme threatened to sue the newspaper.",
        "Families want a law to sue Acme.",
        "The commission can fine a company up to 4 percent of its revenue.",
        "If the union sues Acme, the plant may close.",
        "Acme rejected an offer of $3 million.",
        "The brigade charged with protecting the consulate left.",
        "People convicted of a crime cannot vote.",
        "The rumour drew 40 complaints about the app.",
        "Many families settle in Harrow.",
        "The mayor argued against the plan.",
        "The board told Acme that the weather was bad.",
        "An official said the minister Vito Sarn took the train to Brenn.",
        "A rail line is linked to the port of Odda.",
        "Troops came under fire from rebels.",
        "Ada Lorn said that Brentford had beaten Fulham.",
        "The company said it took a loss of 2 million dollars.",
        "The nurses said the clinic knew of the prize.",
        "The judges cited Roe v. Wade.",
        "The judge held that the law was void.",
        "The talks were held on Tuesday in Odda.",
        "Officials blamed the outage on a storm.",
        "Acme wants a tax on sugar.",
        "The orchestra broke a record.",
        "Kestrel Bank charged 4,000 customers twice for the same loan.",
        "The airline charged passengers 40 euros for a bag.",
        "The chair charged the committee to finish by June.",
    ],
)
def test_what_holds_nothing_against_anybody_accuses_nobody(sentence: str) -> None:
    assert not [act for act in told(sentence) if act.of]


@pytest.mark.parametrize(
    ("sentence", "by", "principal", "kind"),
    [
        ('Tolven Grain rejected the allegations as "nonsense".', "Tolven Grain", "", "denial"),
        ("Ostrel continues to deny the claims.", "Ostrel", "", "denial"),
        ('"We did nothing wrong," said Acme\'s chief executive, Jon Orr.', "Jon Orr", "Acme",
         "denial"),
        ("A spokesman for the Harrow Clinic said the claims were baseless.",
         "A spokesman for the Harrow Clinic", "Harrow Clinic", "denial"),
        ('The clinic called the allegations "nonsense".', "The clinic", "", "denial"),
        ("The company dismissed the claims as false.", "The company", "", "denial"),
        ("Acme said it did not hide the loss.", "Acme", "", "denial"),
        ("Pell Adair pleaded not guilty.", "Pell Adair", "", "denial"),
        ("Pell Adair pleaded guilty.", "Pell Adair", "", "admission"),
        ("Acme admitted that it had failed to warn users.", "Acme", "", "admission"),
        ("Acme apologised to its users.", "Acme", "", "admission"),
        ("Acme acknowledged that the test was hard.", "Acme", "", "statement"),
        ("According to Acme, the test was hard.", "Acme", "", "statement"),
        ("Acme said it does not know the cause.", "Acme", "", "statement"),
        ("The company did not respond to a request for comment.", "The company", "",
         "no_answer_reported"),
        ("Pell Adair could not be reached.", "Pell Adair", "", "no_answer_reported"),
        ("Acme has yet to respond.", "Acme", "", "no_answer_reported"),
        ("Neither company has commented.", "Neither company", "", "no_answer_reported"),
        ("Acme's lawyer declined to comment.", "Acme's lawyer", "Acme", "declined"),
        ("Acme would not comment.", "Acme", "", "declined"),
    ],
)  # fmt: skip
def test_a_reply_has_its_kind_and_speaker(
    sentence: str, by: str, principal: str, kind: str
) -> None:
    found = [act for act in told(sentence) if act.reply is not None]
    assert len(found) == 1
    (act,) = found
    assert act.reply == kind
    (party,) = act.by
    assert short(party) == by
    assert (short(party.principal).removesuffix("'s") if party.principal else "") == principal


@pytest.mark.parametrize(
    ("sentence", "position"),
    [
        ("The mayor argued against the plan.", "objects"),
        ("Doctors condemned the plan.", "objects"),
        ("The minister defended the plan.", "defends"),
        ("The court ruled on Monday.", "decides"),
        ("The guild said it was wrong for the mayor to leave.", "reports"),
    ],
)
def test_other_acts_have_a_position_and_no_accused(sentence: str, position: str) -> None:
    assert [(act.position, act.of) for act in told(sentence)] == [(position, ())]


ENDS = [
    # sentence, cleared, or else whose accusation ends
    ("Prosecutors dropped the charge against Ada Lorn.", ["Ada Lorn"], []),
    ("The charges against Mara Voss were withdrawn.", ["Mara Voss"], []),
    ("The case against the clinic was thrown out.", ["the clinic"], []),
    ("A judge dismissed the lawsuit of Nia Pratt against Hollow Bank.", ["Hollow Bank"], []),
    ("An appeals court overturned the conviction of the captain Rolf Emmer.", ["Rolf Emmer"], []),
    ("Acme's conviction was quashed.", ["Acme"], []),
    ("A court acquitted Marta Lund of stealing 90,000 euros.", ["Marta Lund"], []),
    ("The jury found Pell Adair not guilty.", ["Pell Adair"], []),
    ("Pell Adair was found not guilty of fraud.", ["Pell Adair"], []),
    ("The ombudsman found no evidence against Pell Adair.", ["Pell Adair"], []),
    ("Owen Hatch was not arrested.", ["Owen Hatch"], []),
    ("Ida Welk took back her accusation.", [], ["Ida Welk"]),
    ("Dana Iver recanted on Wednesday.", [], ["Dana Iver"]),
    ("The tenants withdrew their suit.", [], ["The tenants"]),
    ("Ada Lorn admitted that she had lied about the coach.", [], ["she"]),
    ("All charges were dropped.", [], []),
    ("The case against Mira Solen collapsed on Thursday.", ["Mira Solen"], []),
    ("The appeal court set aside the conviction of Mira Solen.", ["Mira Solen"], []),
    ("No charges will be brought against the driver Ben Carr.", ["Ben Carr"], []),
    ("Investigators said there was no evidence that Ed Farr took money.", ["Ed Farr"], []),
    ("The student admitted having invented the story.", [], ["The student"]),
    ("The union retracted its accusation that Norvik Foods hid injuries.", ["Norvik Foods"], []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "cleared", "via"), ENDS)
def test_an_end_tells_who_is_cleared_or_whose_accusation_ends(
    sentence: str, cleared: list[str], via: list[str]
) -> None:
    (end,) = [act.ends for act in told(sentence) if act.ends is not None]
    assert ([short(p) for p in end.cleared], [short(p) for p in end.via]) == (cleared, via)


@pytest.mark.parametrize(
    "sentence",
    [
        "Prosecutors refused to drop the case.",
        "The lawyer asked the court to dismiss the suit.",
        "The judge dismissed one of the two charges against Acme.",
        "The company dismissed the allegations as false.",
        "Acme said it did not hide the loss.",
        "Meridian said the claim is false.",
        "The army withdrew its troops from Tessen.",
        "Acme dropped the plan to build a plant.",
        "Pell Adair pleaded not guilty.",
        "The road was cleared of snow.",
        "Nurses said that the director lied.",
        "The court may overturn the conviction.",
        "The widow will not file a suit against the clinic.",
        "The bridge collapsed on Thursday.",
        "Ed Farr's lawyer said there was no evidence against him.",
        "The governor pardoned Ed Farr.",
    ],
)
def test_what_ends_no_accusation_is_no_end(sentence: str) -> None:
    assert not [act for act in told(sentence) if act.ends is not None]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("There was no response from Ammonia Works by Tuesday.", "Ammonia Works"),
        ("No comment was available from the Kessel Clinic.", "the Kessel Clinic"),
        ("The paper went to press without a response from Hesk Works.", "Hesk Works"),
        ("Requests for comment to Hobb Estates were not answered.", "Hobb Estates"),
        ("Emails to Tolven Grain were not returned.", "Tolven Grain"),
        ("Questions sent to Mr Pell remained unanswered.", "Mr Pell"),
        ("The response from the ministry was clear.", None),
        ("The money was not returned.", None),
        ("If Acme does not respond, the commission will double the fine.", None),
        ("The fine will double if there is no response from Acme.", None),
        ("Acme did not respond, even if it was asked twice.", "Acme"),
    ],
)
def test_who_has_not_answered(sentence: str, who: str | None) -> None:
    silent = [a for a in told(sentence) if a.reply is ReplyKind.NO_ANSWER_REPORTED]
    assert [party.text for act in silent for party in act.by] == ([who] if who else [])


@pytest.mark.parametrize(
    ("sentence", "by"),
    [
        ("The widow Lea Strand won her suit against Nordal Mining.", "Lea Strand"),
        ("Tamm, who sued in 2024, was glad.", "Tamm"),
    ],
)
def test_who_sues_accuses_by_its_own_suit(sentence: str, by: str) -> None:
    (act,) = [act for act in told(sentence) if act.position is Position.ACCUSES]
    assert [party.name for party in act.by] == [by]
