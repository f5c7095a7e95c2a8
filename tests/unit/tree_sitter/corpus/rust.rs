pub const LIMIT: usize = 3;
pub struct Pool<T> { items: Vec<T> }
pub enum State { Idle, Busy }
pub trait Store { fn put(&self); }
impl<T> Pool<T> {
    pub fn new() -> Self { Pool { items: vec![] } }
}
impl Store for State {
    fn put(&self) {}
}
macro_rules! retry { () => {}; }
mod tests { fn helper() {} }
type Alias = Pool<u8>;
pub use crate::errors::PoolError;
pub use crate::wire::{Frame, codec::Codec, Packet as Parcel, inner::{Deep, Deeper as Deepest}};
pub use crate::limits::MAX as MOST;
use crate::private::Hidden;
