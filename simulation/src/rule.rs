//! The twelve rules, by name.

/// What must always hold. `docs/reliability.md` says what is checked for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each has its row in the documentation")]
pub enum Rule {
    OneRenewal,
    OneRetry,
    AuthoritativeEnd,
    Deadlines,
    SaveFirst,
    ListenersOutside,
    LogoutWins,
    ClocksLie,
    StorageFails,
    TokensStayHome,
    EventsMeanChange,
    MemoryOfWhy,
}

impl Rule {
    /// Every rule, in the order of the documentation.
    pub const ALL: [Rule; 12] = [
        Rule::OneRenewal,
        Rule::OneRetry,
        Rule::AuthoritativeEnd,
        Rule::Deadlines,
        Rule::SaveFirst,
        Rule::ListenersOutside,
        Rule::LogoutWins,
        Rule::ClocksLie,
        Rule::StorageFails,
        Rule::TokensStayHome,
        Rule::EventsMeanChange,
        Rule::MemoryOfWhy,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Rule::OneRenewal => "one-renewal",
            Rule::OneRetry => "one-retry",
            Rule::AuthoritativeEnd => "authoritative-end",
            Rule::Deadlines => "deadlines",
            Rule::SaveFirst => "save-first",
            Rule::ListenersOutside => "listeners-outside",
            Rule::LogoutWins => "logout-wins",
            Rule::ClocksLie => "clocks-lie",
            Rule::StorageFails => "storage-fails",
            Rule::TokensStayHome => "tokens-stay-home",
            Rule::EventsMeanChange => "events-mean-change",
            Rule::MemoryOfWhy => "memory-of-why",
        }
    }

    /// The rule of that name.
    pub fn parse(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|it| it.name() == name)
    }
}
