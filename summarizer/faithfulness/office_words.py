"""Words by which names are told apart: what people are, and what institutions end in."""

from __future__ import annotations

from summarizer.faithfulness.words import listed

NOUNS = frozenset(
    listed(
        """
        accountant activist actor actress adjutant administrator admiral adviser advisor
        advocate agent ambassador analyst anchor arbitrator archbishop architect artist
        assistant astronaut athlete attorney auditor author banker barrister bishop blogger
        boss broker broadcaster builder campaigner candidate captain cardinal caretaker
        carpenter ceo cfo chair chairman chairperson chairwoman chancellor chef chemist
        chief clerk co-founder coach cofounder colonel columnist commander commentator
        commissioner comptroller conductor congressman congresswoman constable consultant
        contractor convener coo coordinator coroner correspondent councillor councilman
        councilwoman councilor counsel counsellor critic cto curator dean delegate dentist
        deputy designer detective developer diplomat director doctor driver economist editor
        electrician engineer envoy epidemiologist executive expert farmer filmmaker
        firefighter footballer founder fisherman general geologist governor guard guide
        harbourmaster head historian host inspector instructor inventor investigator
        investor journalist judge justice keeper king landlord lawmaker lawyer leader
        lecturer librarian lieutenant lobbyist magistrate magnate major manager mayor
        mechanic mediator medic member meteorologist midwife minister moderator monk mp
        musician negotiator novelist nun nurse officer official ombudsman operator organiser
        organizer owner paramedic pastor photographer physician physicist pilot
        plaintiff player poet policeman policewoman pope premier president priest prince
        princess principal producer professor programmer prosecutor psychiatrist
        psychologist publisher queen ranger rabbi receiver rector referee registrar
        regulator reporter representative researcher sailor scholar scientist secretary
        senator sergeant sheriff singer skipper solicitor spokesman spokesperson spokeswoman
        statistician strategist superintendent supervisor surgeon surveyor teacher
        technician trainer treasurer trustee undersecretary veterinarian vice-chair
        vice-chairman vice-president victim viceroy warden whistleblower witness worker
        writer
        """
    )
)
"""Singular nouns that say what somebody is; relatives and friends of others are none."""

INSTITUTIONS = frozenset(
    listed(
        """
        academy act administration agency agreement airline airlines airport airways
        alliance army assembly association authority avenue award awards bancorp bank bay
        bill board bridge brigade bureau capital cathedral center centre chamber church city
        clinic club coalition college commission committee community company confederation
        conference congress consortium corporation corps council county court cup day deal
        department directorate district energy entertainment federation fellowship fleet
        force forum foundation front fund gallery games government group guild gulf hall
        holdings hospital house industries inquiry inspectorate institute institution
        international isle journal kingdom laboratories laboratory labs lake league library
        media ministry mission motors museum navy network news office ombudsman orchestra
        organisation organization palace panel parliament partners partnership party people
        pharmaceuticals pictures plan police port post power press prize project railway
        records regulator republic research resolution river road robotics school senate
        service services society software square stadium states station street studio
        studios syndicate systems team technologies telecom theater theatre times tower
        treaty tribunal trust union university utility ventures war watchdog week works zoo
        """
    )
)
"""Last words of names that no person has."""
