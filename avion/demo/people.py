"""Who the demonstration newsroom is. Nobody here exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """An invented colleague; hair and hour draw the portrait (see pictures.draw_portrait)."""

    name: str
    job_title: str
    biography: str
    hair: str
    hour: str


@dataclass(frozen=True)
class Account:
    """A demonstration account: the name is also that of its author."""

    email: str
    name: str
    role: str


@dataclass(frozen=True)
class Series:
    """A dossier; `stories` are the beginnings of their addresses, in the order of reading."""

    title: str
    introduction: str
    stories: list[str]


PEOPLE = [
    Person(
        "Camille Lenoir",
        "Directrice de la rédaction",
        "Camille Lenoir couvre les alliances militaires et leurs conséquences depuis quinze ans. "
        "Elle a dirigé un service international avant de participer à la création du titre.",
        "bun",
        "golden",
    ),
    Person(
        "Sophie Thévenin",
        "Rédactrice en chef, International",
        "Sophie Thévenin relit tout et coupe beaucoup. Elle suit les flottes de l'Atlantique Nord, "
        "de la Baltique et de la Méditerranée.",
        "long",
        "dawn",
    ),
    Person(
        "Julien Ferrand",
        "Reporter, Armées",
        "Julien Ferrand passe plus de nuits sur les bases aériennes que dans la rédaction. Il "
        "écrit sur les équipages, les mécaniciens et ceux qui attendent leur retour.",
        "short",
        "morning",
    ),
    Person(
        "Nadia Belkacem",
        "Journaliste, Essais et capteurs",
        "Ingénieure de formation, Nadia Belkacem explique les radars, les antennes et tout ce "
        "qu'un avion voit sans qu'on le voie.",
        "long",
        "night",
    ),
    Person(
        "Thomas Aubertin",
        "Journaliste, Industrie",
        "Thomas Aubertin a appris à lire un bilan avant d'apprendre à lire un plan. Il visite les "
        "chaînes d'assemblage avec un carnet et de bonnes chaussures.",
        "short",
        "overcast",
    ),
    Person(
        "Yann Le Bihan",
        "Pilote d'essai, chroniqueur",
        "Yann Le Bihan compte 4 200 heures de vol et n'en raconte que les meilleures. Il signe la "
        "chronique des essais en vol.",
        "headset",
        "noon",
    ),
    Person(
        "Hélène Quéméneur",
        "Journaliste, Espace",
        "Hélène Quéméneur suit les lanceurs et les satellites, de l'atelier à l'orbite. Elle tient "
        "à jour le calendrier des lancements de la rédaction.",
        "bun",
        "dusk",
    ),
    Person(
        "Claire Morvan",
        "Ancienne instructrice, Aviation légère",
        "Claire Morvan a lâché près de trois cents élèves seuls à bord. Elle écrit sur les "
        "aéroclubs, la formation et l'aviation électrique.",
        "headset",
        "afternoon",
    ),
    Person(
        "Paul Etchegaray",
        "Correspondant, Montagne",
        "Paul Etchegaray vole en planeur au-dessus des Pyrénées et marche dessous. Il connaît "
        "chaque altiport et la plupart des refuges.",
        "short",
        "snow",
    ),
    Person(
        "Marc-Antoine Delvaux",
        "Historien, Patrimoine",
        "Marc-Antoine Delvaux fouille les archives et les hangars. Il a consacré un livre aux "
        "lignes postales de nuit.",
        "short",
        "dusk",
    ),
    Person(
        "Inès Caradec",
        "Journaliste de données",
        "Inès Caradec compte, vérifie et recompte. Elle tire des registres publics les enquêtes "
        "que personne n'avait le temps de faire.",
        "long",
        "afternoon",
    ),
    Person(
        "Léonie Vasseur",
        "Photographe, Reportages",
        "Léonie Vasseur se lève avant les avions. Ses reportages se font à pied, sous la pluie de "
        "préférence.",
        "long",
        "storm",
    ),
]

ACCOUNTS = [
    Account("direction@avion.example", "Camille Lenoir", "administrator"),
    Account("redaction@avion.example", "Sophie Thévenin", "editor"),
    Account("journaliste@avion.example", "Julien Ferrand", "journalist"),
]

# slug: (name, description), in the order of the menu
SECTIONS = {
    "armees": ("Armées", "Les bases, les équipages et les missions."),
    "industrie": ("Industrie", "Ceux qui conçoivent, assemblent et vendent les avions."),
    "essais": ("Essais", "Ce qui vole pour la première fois, et ce qu'on en apprend."),
    "international": ("International", "Les flottes, les alliances et les frontières du ciel."),
    "espace": ("Espace", "Lanceurs, satellites et vols habités."),
    "aviation-legere": ("Aviation légère", "Aéroclubs, planeurs, montagne et avions électriques."),
    "histoire": ("Histoire", "Les machines et les gens d'avant."),
    "enquetes": ("Enquêtes", "Les enquêtes et les explications qui prennent leur temps."),
}

DOSSIERS = [
    Series(
        "L'école se met à l'électrique",
        "Une heure de vol sans essence et presque sans bruit : la promesse est tenue, à quelques "
        "minutes près. Du bureau d'études à la piste, nous avons suivi la Libellule E2 partout où "
        "elle change les habitudes.",
        ["la-libellule-e2", "sept-tours-de-piste", "au-haut-vivier"],
    ),
    Series(
        "Vigie-3, un radar en orbite",
        "Il voit à travers les nuages, compte les navires, dessine les crues et doit parfois "
        "s'écarter d'un débris. Comment on construit, lance et fait travailler un satellite radar.",
        ["chez-stellane", "au-finnmark", "vigie-3-ou-comment", "vigie-3-s-ecarte", "crues-comment"],
    ),
    Series(
        "Le Faucheur revient",
        "Vingt-deux ans après son dernier vol, un avion d'un autre âge a quitté le sol. Ceux qui "
        "l'ont entretenu, calculé et remis en état racontent.",
        ["vingt-deux-ans", "soixante-et-un-ans", "les-calculatrices"],
    ),
]

SITE = {
    "name": "Avion",
    "tagline": "L'actualité aéronautique, par des journalistes et des pilotes",
    "independence_line": "Avion est un site d’information indépendant.",
    "about": (
        "Avion est un site d’information indépendant dont l’équipe éditoriale est "
        "composée de journalistes aéronautiques et de pilotes professionnels. Ceci est une "
        "démonstration : hormis l’article principal du 30 octobre 2024, tout y est inventé."
    ),
    "publication_director": "Camille Lenoir",
    "publisher": "Les Éditions de la Manche à air, SAS fictive au capital de 10 000 €",
    "host": "Hangar numérique, hébergeur fictif",
    "contact_email": "redaction@avion.example",
    "founded": 2019,
    "mission": (
        "Raconter l’aviation à ceux qui la font et à ceux qui lèvent la tête : les machines, les "
        "équipages, les industriels et les décisions publiques, sans communiqué recopié."
    ),
    "editor_in_chief": "Camille Lenoir",
    "owners": (
        "La rédaction possède 70 % du capital par l’intermédiaire d’une société de journalistes "
        "fictive ; 30 % appartiennent à une centaine de lecteurs, dont aucun n’a plus de 2 %."
    ),
    "interests": "Aucun associé ne travaille pour un constructeur, une compagnie ou une armée.",
    "funding": (
        "Abonnements de soutien : 62 %. Dons : 21 %. Vente d’articles à des confrères : 17 %. "
        "Ni publicité, ni contenu sponsorisé. Ces chiffres sont inventés pour la démonstration."
    ),
    "ai_policy": (
        "L’intelligence artificielle transcrit des entretiens et propose des traductions, qu’une "
        "personne relit. Elle n’écrit pas nos articles et ne fabrique aucune de nos images."
    ),
    "complaints": "Une réponse ne vous satisfait pas ? Le conseil de déontologie vous écoute.",
}

# The one story that happened; all the others say at their end that they did not.
REAL_STORY = "pres-de-11-000-soldats-nord-coreens-en-russie-prets-a-entrer-en-ukraine"
FICTION = (
    "<p><em>Article de démonstration : les personnes, les entreprises et les faits sont "
    "inventés.</em></p>"
)
CREDIT = "Illustration : Avion"
