//! The program `systole`: everything it does lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    systole::cli::main()
}
