//! What a trial came to, for people and for programs.

use super::shown::Exchange;
use crate::output::flat;
use serde_json::{Value, json};

/// The whole trial.
pub(super) struct Report {
    pub(super) dialect: String,
    pub(super) base_url: String,
    pub(super) steps: Vec<Step>,
}

/// One thing that was tried.
#[derive(Default)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) exchanges: Vec<Exchange>,
    /// What was found out.
    pub(super) lines: Vec<String>,
    pub(super) captured: Option<Value>,
    pub(super) ends_in_ms: Option<u64>,
    /// What is wrong, and what to do about it.
    pub(super) faults: Vec<String>,
    /// What an answer of this step should mean, for what to add where nothing fits.
    pub(super) wanted: Option<&'static str>,
}

/// An answer that no template fits.
struct Unmatched<'a> {
    step: &'static str,
    exchange: &'a Exchange,
    status: u16,
    add: Option<String>,
}

impl Report {
    pub(super) fn is_fine(&self) -> bool {
        self.steps.iter().all(|it| it.faults.is_empty())
    }

    fn unmatched(&self) -> Vec<Unmatched<'_>> {
        let mut all = Vec::new();
        for step in &self.steps {
            for exchange in step.exchanges.iter().filter(|it| it.matched.is_none()) {
                let Ok(status) = exchange.outcome else { continue };
                if exchange.meaning.is_some() || step.wanted.is_some() {
                    all.push(Unmatched {
                        step: step.name,
                        exchange,
                        status,
                        add: step.wanted.map(|it| suggestion(exchange, status, it)),
                    });
                }
            }
        }
        all
    }

    pub(super) fn text(&self) -> String {
        let mut lines = vec![format!("{} at {}", self.dialect, self.base_url)];
        for step in &self.steps {
            lines.push(String::new());
            lines.push(step.name.into());
            lines.extend(step.exchanges.iter().flat_map(exchange_lines).map(|it| format!("  {it}")));
            lines.extend(step.lines.iter().map(|it| format!("  {it}")));
            lines.extend(step.faults.iter().map(|it| format!("  ! {it}")));
        }
        lines.push(String::new());
        lines.extend(self.closing());
        lines.join("\n")
    }

    fn closing(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let unmatched = self.unmatched();
        if unmatched.is_empty() {
            lines.push("Every answer that the dialect should know fits one of its templates.".into());
        } else {
            lines.push("Answers that no template fits:".into());
        }
        for it in &unmatched {
            let meaning = it.exchange.meaning.map_or("and says nothing by its status".to_string(), |means| {
                format!("read by its status alone as {means}")
            });
            lines.push(format!("  {}: {} {}, {meaning}", it.step, it.status, it.exchange.shape));
            lines.extend(it.add.iter().map(|add| format!("    to tell it for sure, add {add}")));
        }
        let faults = self.steps.iter().map(|it| it.faults.len()).sum::<usize>();
        lines.push(match faults {
            0 => "The dialect reads this API.".into(),
            1 => "1 thing is wrong; it is marked with ! above.".into(),
            many => format!("{many} things are wrong; they are marked with ! above."),
        });
        lines
    }

    pub(super) fn json(&self) -> Value {
        let unmatched = self.unmatched();
        let unmatched = unmatched.iter().map(|it| {
            json!({ "step": it.step, "status": it.status, "shape": it.exchange.shape, "read_by_status_as": it.exchange.meaning, "add": it.add })
        });
        json!({
            "ok": self.is_fine(),
            "dialect": self.dialect,
            "base_url": self.base_url,
            "steps": self.steps.iter().map(Step::json).collect::<Vec<_>>(),
            "unmatched": unmatched.collect::<Vec<_>>(),
        })
    }
}

impl Step {
    fn json(&self) -> Value {
        json!({
            "step": self.name,
            "exchanges": self.exchanges.iter().map(exchange_json).collect::<Vec<_>>(),
            "found": self.lines,
            "captured": self.captured,
            "ends_in_ms": self.ends_in_ms,
            "faults": self.faults,
        })
    }
}

fn exchange_lines(exchange: &Exchange) -> Vec<String> {
    let carried = if exchange.carried.is_empty() { String::new() } else { format!("  ({})", exchange.carried) };
    let mut lines = vec![format!("{}{carried}", exchange.request)];
    lines.push(match (&exchange.outcome, &exchange.matched, exchange.meaning) {
        (Err(why), ..) => format!("  no answer: {why}"),
        (Ok(status), Some(pointer), meaning) => format!("  {status}, {pointer}: {}", meaning.unwrap_or("nothing")),
        (Ok(status), None, Some(meaning)) => format!("  {status}, no template: {meaning} by its status"),
        (Ok(status), None, None) => format!("  {status}"),
    });
    lines
}

fn exchange_json(exchange: &Exchange) -> Value {
    json!({
        "request": exchange.request, "carried": exchange.carried,
        "status": exchange.outcome.as_ref().ok(), "no_answer": exchange.outcome.as_ref().err(),
        "matched": exchange.matched, "means": exchange.meaning, "shape": exchange.shape,
    })
}

/// What to add to a document so that an answer is told by more than its status: names only, values are the author's to fill in.
fn suggestion(exchange: &Exchange, status: u16, wanted: &str) -> String {
    // What should have succeeded and did not means something else, which only the author can know.
    let failed = matches!(wanted, "session" | "done") && status >= 300;
    let means = if failed { exchange.meaning.unwrap_or("…") } else { wanted };
    let body = exchange.body.as_ref().map(|it| format!(" \"json\": {},", flat(it))).unwrap_or_default();
    format!("{{ \"status\": {status},{body} \"means\": \"{means}\" }}")
}
