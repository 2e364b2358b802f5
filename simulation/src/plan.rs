//! What kind of world a schedule plays in: which API, which app, and what may go wrong. Each kind of trouble is left out of
//! most schedules, so that what one kind excuses is not excused everywhere.

use crate::dice::Dice;
use relatch_dialects::Renewal;
use relatch_session::Options;

/// How the API renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// A refresh token is good once; a second use ends its session. Nothing tells a repetition from a theft.
    Strict,
    /// Relatch's own rule: a repetition under the same attempt key, or within thirty seconds, is given the same successor.
    Attempts,
    /// A refresh token is good for ever, and no answer to it brings another.
    Lasting,
    /// There is no renewal endpoint.
    LoginOnly,
}

/// A world, drawn from a seed.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) tabs: usize,
    pub(crate) api: Api,
    pub(crate) options: Options,
    /// How long access tokens are good.
    pub(crate) lifetime_ms: u64,
    /// Whether the client is told.
    pub(crate) lifetime_told: bool,
    /// Whether the API gives one answer for a bad token and for a right that is missing.
    pub(crate) guarded: bool,
    /// Whether logins bring refresh tokens.
    pub(crate) refresh_tokens: bool,
    /// Whether there are locks.
    pub(crate) locks: bool,
    pub(crate) freezes: bool,
    pub(crate) crashes: bool,
    pub(crate) clocks: bool,
    pub(crate) storage: bool,
    pub(crate) slow_storage: bool,
    pub(crate) network: bool,
    pub(crate) hides: bool,
    /// Whether the server's operator disables accounts, ends sessions, changes passwords.
    pub(crate) operator: bool,
    /// Whether some users are asked for a code when they log in, and perhaps for another.
    pub(crate) challenges: bool,
    /// Whether calls bring newer tokens, some of the time.
    pub(crate) observes: bool,
    /// Whether calls make the token last longer.
    pub(crate) slides: bool,
    /// The order of magnitude of the time between two acts of the app.
    pub(crate) pace_bits: u64,
    pub(crate) steps: u64,
}

/// Such that the schedules in `tests/seeds.rs` are among those without.
const APART: u64 = 1_016_401;

const LIFETIMES_MS: [u64; 8] = [1_500, 8_000, 30_000, 300_000, 900_000, 3_600_000, 3_600_000, 864_000_000];

impl Plan {
    /// What an API of the grown format does is drawn apart: half of all schedules are without, and stay what they were.
    pub(crate) fn of(seed: u64, dice: &mut Dice) -> Plan {
        let mut plan = Plan::draw(dice);
        let mut apart = Dice::new(seed ^ APART);
        if apart.chance(500) {
            if plan.api == Api::Strict && apart.chance(400) {
                plan.api = Api::Lasting;
            }
            plan.challenges = apart.chance(500);
            plan.observes = apart.chance(500);
            plan.slides = apart.chance(300);
        }
        plan
    }

    fn draw(dice: &mut Dice) -> Plan {
        let api = dice.pick(&[Api::Strict, Api::Strict, Api::Attempts, Api::Attempts, Api::LoginOnly]);
        let api = api.unwrap_or(Api::Strict);
        Plan {
            tabs: 1 + dice.roll(5) as usize,
            api,
            options: options(api, dice),
            lifetime_ms: dice.pick(&LIFETIMES_MS).unwrap_or(3_600_000),
            lifetime_told: dice.chance(900),
            guarded: dice.chance(200),
            refresh_tokens: api != Api::LoginOnly && dice.chance(950),
            locks: dice.chance(800),
            freezes: dice.chance(300),
            crashes: dice.chance(400),
            clocks: dice.chance(300),
            storage: dice.chance(250),
            slow_storage: dice.chance(200),
            network: dice.chance(600),
            hides: dice.chance(500),
            operator: dice.chance(200),
            challenges: false,
            observes: false,
            slides: false,
            pace_bits: 8 + dice.roll(14),
            steps: 100 + dice.roll(900),
        }
    }
}

fn options(api: Api, dice: &mut Dice) -> Options {
    let renewal = match api {
        Api::LoginOnly if dice.chance(200) => Renewal::None,
        Api::LoginOnly => Renewal::Login,
        _ => Renewal::Endpoint,
    };
    Options {
        keep_credentials: renewal == Renewal::Login && dice.chance(500),
        asks_login: dice.chance(500),
        ahead_permille: dice.pick(&[100, 100, 0, 300, 1000]).unwrap_or(100),
        when_hidden: dice.chance(300),
        idle_ms: dice.chance(200).then(|| 60_000 << dice.roll(6)),
        ..Options::new(renewal, dice.chance(800))
    }
}
