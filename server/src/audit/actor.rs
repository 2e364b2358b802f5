//! Who acts.

use super::entry::named;
use crate::account::Account;

named! {
    /// By which way somebody acts.
    Channel {
        /// An operator, by the command line.
        CommandLine = "command-line",
        /// An operator, by the admin API.
        AdminApi = "admin-api",
        /// The program that the server is embedded in.
        Library = "library",
        /// The account's owner, over HTTP.
        Owner = "owner",
        /// The server, of its own accord.
        Server = "server",
    }
}

impl Channel {
    /// Whether somebody acts here who is answerable for what came to nothing, too.
    ///
    /// What is refused to owners is no act of theirs, since it may be anybody's; and of several processes that come to
    /// the same decision, one carries it out, and the others have nothing to say.
    pub(super) const fn is_answerable(self) -> bool {
        matches!(self, Channel::CommandLine | Channel::AdminApi | Channel::Library)
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// By which way.
    pub channel: Channel,
    /// The operating system's user, the name of the admin token, what the embedding program calls itself, or the
    /// owner's account id.
    pub name: String,
    /// From which network address; operators of the admin API only. The log forgets nothing, and owners' addresses are
    /// not its to keep.
    pub address: Option<String>,
}

impl Actor {
    /// The program that embeds the server, under a name that its operators know.
    pub fn library(name: &str) -> Actor {
        Actor { channel: Channel::Library, name: name.into(), address: None }
    }

    /// Who has shown to be the account's owner. By id rather than by name, so that deleting the account deletes the name.
    pub(crate) fn owner(account: &Account) -> Actor {
        Actor { channel: Channel::Owner, name: account.id.to_string(), address: None }
    }

    /// The server itself.
    pub(crate) fn server() -> Actor {
        Actor { channel: Channel::Server, name: "relatch-server".into(), address: None }
    }
}
