//! Floor 4, building: from a site folder to an output folder.

pub mod addresses;
pub mod cache;
pub mod darkroom;
pub mod external;
pub mod inputs;
pub mod inspection;
pub mod links;
pub mod memory;
pub mod moved;
pub mod outlook;
pub mod output;
mod packing;
pub mod pipeline;
pub mod preview;
pub mod shelf;
pub mod sink;
pub mod verify;
