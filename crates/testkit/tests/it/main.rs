//! Tests of the kit itself, and of the architecture.

mod architecture;
mod browser;
mod validator;
