"""A small paper with everything in it, and with texts that attack."""

from reports.paper import Curve, Figure, Paper, Section, Table

ATTACK = '=HYPERLINK("http://evil.example","x")'
MARKUP = "<img src=x onerror=alert(1)><b>hoi</b> & meer"


def paper(**changed) -> Paper:
    """The example, with some fields changed."""
    table = Table(
        "Fasen",
        "",
        ("Fase", "Beleving", "Verschil"),
        (
            (Figure("Boeken"), Figure("7,8", 7.8123456789), Figure("−0,4 onder", -0.4, "below")),
            (Figure(ATTACK), Figure("te weinig bewijs"), Figure("")),
            (Figure(MARKUP), Figure("6½", 6.5), Figure("op", 0.0, "on")),
        ),
    )
    curve = Curve(
        "De klantreis",
        ("Boeken", "Vliegen", "Blijven"),
        (7.8, None, 4.0),
        ("7,8", "", "4,0"),
        (8.0, 7.5, None),
        ("on", "", "below"),
    )
    values = {
        "language": "nl",
        "company": "Noordvlucht",
        "kicker": "Noordvlucht · Week 47",
        "headline": "Week 47: beleving 7,1 tegen belofte 7,8; Boeken zakte 0,4 door chat.",
        "figures": (("Beleving", Figure("7,1", 7.1), "7,0–7,2"), ("Verschil", Figure("−0,7", -0.7, "below"), "onder de belofte")),
        "sections": (Section("Het hele jaar", ("Een regel.",), curve=curve), Section("Drie fasen liggen onder", table=table)),
        "detail": (Table("Fasen en kanalen", "", ("Fase", "n"), ((Figure("Boeken"), Figure("12", 12)),)),),
        "footer": ("Gemaakt op dinsdag", "Uitleg"),
        "demo": "VOORBEELDGEGEVENS",
    }
    return Paper(**(values | changed))
