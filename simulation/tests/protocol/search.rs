//! Every state that can be reached, and whether from each of them all comes to rest.

use crate::model::{Settings, World};
use std::collections::HashMap;

/// Looks at every state; each must satisfy the rule, and have a way to a state in which every tab has what the store has.
pub(crate) fn explore(settings: Settings, mut holds: impl FnMut(&World) -> bool) {
    let first = World::new(&settings);
    let mut numbers = HashMap::from([(first.clone(), 0)]);
    let (mut worlds, mut before, mut rested) = (vec![first], vec![Vec::new()], Vec::new());
    let mut at = 0;
    while at < worlds.len() {
        let world = worlds[at].clone();
        if !holds(&world) {
            panic!("{settings:?}\n{}", path(at, &worlds, &before));
        }
        if world.is_at_rest() {
            rested.push(at);
        }
        for next in world.nexts(&settings) {
            let number = *numbers.entry(next.clone()).or_insert_with(|| {
                worlds.push(next);
                before.push(Vec::new());
                worlds.len() - 1
            });
            before[number].push(at);
        }
        at += 1;
    }
    assert_eq!(reaching(rested, &before), worlds.len(), "{settings:?}: some states never come to rest");
}

/// How many states have a way to one of these.
fn reaching(rested: Vec<usize>, before: &[Vec<usize>]) -> usize {
    let mut known = vec![false; before.len()];
    let mut open = rested;
    open.iter().for_each(|it| known[*it] = true);
    while let Some(at) = open.pop() {
        for from in &before[at] {
            if !std::mem::replace(&mut known[*from], true) {
                open.push(*from);
            }
        }
    }
    known.iter().filter(|it| **it).count()
}

/// One of the shortest ways to a state, one line for each.
fn path(to: usize, worlds: &[World], before: &[Vec<usize>]) -> String {
    let first = before[to].first().filter(|_| to > 0).map(|from| path(*from, worlds, before));
    format!("{}{:?}\n", first.unwrap_or_default(), worlds[to])
}
