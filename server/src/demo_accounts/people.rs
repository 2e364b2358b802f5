//! Who the demo's people are. Pure data: one table, and what the dialects that come with Relatch ask of it.

/// A demo account's place among the roles of whatever dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Highest,
    Ordinary,
    /// The role that acts for the organizations of which the account is a member.
    Member,
}

/// A demo account.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) username: &'static str,
    pub(super) phone: &'static str,
    pub(super) rank: Rank,
    pub(super) enabled: bool,
    pub(super) validated: bool,
    pub(super) organization: &'static str,
    pub(super) memberships: &'static [&'static str],
    /// Extension fields by their path.
    facts: &'static [(&'static str, &'static str)],
}

impl Person {
    /// What is known about this person under the name of an extension field.
    pub(super) fn fact(&self, path: &str) -> Option<&'static str> {
        self.facts.iter().find(|(it, _)| *it == path).map(|(_, fact)| *fact)
    }
}

pub(super) const PEOPLE: [Person; 5] = [
    Person {
        username: "ada",
        phone: "+51900000001",
        rank: Rank::Highest,
        enabled: true,
        validated: true,
        organization: "1",
        memberships: &[],
        facts: &[
            ("nombre", "Ada"),
            ("Nombre", "Ada Lovelace"),
            ("nombreCompleto", "Ada Lovelace Byron"),
            ("apellidoPa", "Lovelace"),
            ("apellidoMa", "Byron"),
            ("apellidoPaterno", "Lovelace"),
            ("apellidoMaterno", "Byron"),
            ("fecha", "1990-12-10"),
            ("dni", "40000001"),
            ("codigo", "E-0001"),
            ("puesto.id", "1"),
            ("puesto.nombre", "Directora"),
            ("departamento.id", "1"),
            ("departamento.nombre", "Dirección"),
            ("fechaAlta", "2019-03-01"),
            ("estatus", "ACTIVO"),
            ("sexo", "F"),
        ],
    },
    Person {
        username: "grace",
        phone: "+51900000002",
        rank: Rank::Ordinary,
        enabled: true,
        validated: true,
        organization: "42",
        memberships: &[],
        facts: &[
            ("nombre", "Grace"),
            ("Nombre", "Grace Hopper"),
            ("nombreCompleto", "Grace Hopper Murray"),
            ("apellidoPa", "Hopper"),
            ("apellidoMa", "Murray"),
            ("apellidoPaterno", "Hopper"),
            ("apellidoMaterno", "Murray"),
            ("fecha", "1992-12-09"),
            ("dni", "40000002"),
            ("codigo", "E-0002"),
            ("puesto.id", "2"),
            ("puesto.nombre", "Analista"),
            ("departamento.id", "2"),
            ("departamento.nombre", "Sistemas"),
            ("fechaAlta", "2021-08-16"),
            ("estatus", "ACTIVO"),
            ("sexo", "F"),
        ],
    },
    Person {
        username: "dora",
        phone: "+51900000003",
        rank: Rank::Ordinary,
        enabled: false,
        validated: true,
        organization: "42",
        memberships: &[],
        facts: &[
            ("nombre", "Dora"),
            ("Nombre", "Dora Quispe"),
            ("nombreCompleto", "Dora Quispe Rojas"),
            ("apellidoPa", "Quispe"),
            ("apellidoMa", "Rojas"),
            ("apellidoPaterno", "Quispe"),
            ("apellidoMaterno", "Rojas"),
            ("dni", "40000003"),
            ("codigo", "E-0003"),
            ("puesto.id", "2"),
            ("puesto.nombre", "Analista"),
            ("departamento.id", "2"),
            ("departamento.nombre", "Sistemas"),
            ("estatus", "BAJA"),
            ("sexo", "F"),
        ],
    },
    Person {
        username: "nova",
        phone: "+51900000004",
        rank: Rank::Ordinary,
        enabled: true,
        validated: false,
        organization: "42",
        memberships: &[],
        facts: &[("nombre", "Nova"), ("Nombre", "Nova Salas")],
    },
    Person {
        username: "gina",
        phone: "+51900000005",
        rank: Rank::Member,
        enabled: true,
        validated: true,
        organization: "7",
        memberships: &["7", "42"],
        facts: &[("nombre", "Gina"), ("Nombre", "Gina Torres")],
    },
];
