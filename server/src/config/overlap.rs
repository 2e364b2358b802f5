//! Realms that would answer for one another. A realm at the root beside others is fine, as long as none of
//! its own paths lies under another's mount: the longer mount would take it. Nor may a realm have
//! a path that the server answers itself.

use super::{ConfigFault, RealmConfig};

pub(super) fn faults(realms: &[RealmConfig]) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    for (at, realm) in realms.iter().enumerate() {
        faults.extend(own_fault(at, realm));
        for earlier in realms.iter().take(at) {
            faults.extend(name_fault(at, realm, earlier).into_iter().chain(mount_fault(at, realm, earlier)));
        }
    }
    faults
}

/// What the server answers itself, a realm would never be asked for.
fn own_fault(at: usize, realm: &RealmConfig) -> Option<ConfigFault> {
    let own = |path: &String| matches!(path.as_str(), "/healthz" | "/readyz") || lies_under(path, "/forward-auth");
    let path = realm.paths().into_iter().find(own)?;
    let reason = format!("{path} is a path of the server's own; choose another mount");
    Some(ConfigFault::new(&format!("realm[{at}].mount"), reason))
}

fn name_fault(at: usize, realm: &RealmConfig, earlier: &RealmConfig) -> Option<ConfigFault> {
    let reason = || format!("{:?} is the name of another realm already", realm.name);
    (realm.name == earlier.name).then(|| ConfigFault::new(&format!("realm[{at}].name"), reason()))
}

fn mount_fault(at: usize, realm: &RealmConfig, earlier: &RealmConfig) -> Option<ConfigFault> {
    let reason = if realm.mount == earlier.mount {
        format!("{:?} is the mount of realm {:?} already", realm.mount, earlier.name)
    } else {
        let (outer, inner) = if realm.mount.len() < earlier.mount.len() { (realm, earlier) } else { (earlier, realm) };
        let path = outer.paths().into_iter().find(|path| lies_under(path, &inner.mount))?;
        format!("{path} of realm {:?} lies under the mount of realm {:?}", outer.name, inner.name)
    };
    Some(ConfigFault::new(&format!("realm[{at}].mount"), reason))
}

fn lies_under(path: &str, mount: &str) -> bool {
    path.strip_prefix(mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
