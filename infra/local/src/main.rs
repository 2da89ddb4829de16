//! The program `rollcall`: reads the command line and says how it went.

use std::process::ExitCode;

use clap::Parser;
use local::command::Command;

fn main() -> ExitCode {
    let command = Command::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = runtime
        .map_err(local::Error::Runtime)
        .and_then(|runtime| runtime.block_on(local::command::execute(command)));
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            local::command::complain(&error);
            ExitCode::FAILURE
        }
    }
}
