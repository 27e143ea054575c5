//! hongniang
fn main() {}
