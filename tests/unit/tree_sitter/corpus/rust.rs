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
lazy_static! { pub static ref CONFIG: Config = load(); static ref OTHER: u8 = 1; }
thread_local! { static COUNTER: u32 = 1; }
bitflags! { pub struct Flags: u32 { const A = 1; const B = 2; } }
trait Walk { type Item; const DEPTH: u8; fn r#type(&self); }
impl fmt::Display for Pool {}
