"""Is a claim supported by the passages it cites?  Small pure modules, one a check.

``words`` reads texts, ``grounds`` holds what a claim is checked against, one module a check
follows, ``section_rules`` adds what single sections ask for and ``ladder`` combines all of it
into a verdict.
"""
