//! Signing in over HTTP with a clock that the test moves.
