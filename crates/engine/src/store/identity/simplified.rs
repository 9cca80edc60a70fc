//! Simplified ID merge: an event that carries a device and a user links the two.
//!
//! * A device belongs to the user of the earliest such event; at equal times to the user with the
//!   smaller pseudonym.
//! * An id that was ever seen as a user stands for itself, even if it was also seen as a device:
//!   without this rule a client could build chains and circles of ids.

use super::{Canonical, Fact};
use crate::store::registry::Registry;
use domain::id::PersonId;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

#[derive(Debug, Default)]
pub(super) struct Devices {
    /// Device → time of the earliest link, and its user.
    links: FxHashMap<u32, (i64, u32)>,
    users: RoaringBitmap,
}

impl Devices {
    /// Says whether the fact was news.
    pub(super) fn learn(&mut self, fact: Fact, registry: &Registry, canonical: &mut Canonical) -> bool {
        let (device, user) = (fact.left, fact.right);
        let mut news = self.users.insert(user);
        if news {
            canonical.set(user, user);
        }
        let pseudonym = |id| registry.pseudonym(PersonId(id));
        let earlier = match self.links.get(&device) {
            None => true,
            Some(&(time, known)) => {
                fact.time < time || (fact.time == time && pseudonym(user) < pseudonym(known))
            }
        };
        if earlier {
            self.links.insert(device, (fact.time, user));
            news = true;
        }
        if news && !self.users.contains(device) {
            let (_, owner) = self.links[&device];
            canonical.set(device, owner);
        }
        news
    }
}
