//! `keyward completions` and `keyward man`: made from the definition of the command line, so that they
//! say what `--help` says.

use crate::{
    cli::Arguments,
    failure::{Exit, Failure},
    output,
};
use clap::{Args, Command, CommandFactory as _, ValueEnum};
use clap_complete::Shell;
use std::path::{Path, PathBuf};

/// `keyward completions`.
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_enum)]
    shell: For,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum For {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

/// `keyward man`.
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Directory to write a page a command to [default: print the page of `keyward`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the script.
pub(crate) fn completions(arguments: &Completions) -> Result<Exit, Failure> {
    let shell = match arguments.shell {
        For::Bash => Shell::Bash,
        For::Zsh => Shell::Zsh,
        For::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "keyward", &mut script);
    output::write(&script)?;
    Ok(Exit::Done)
}

/// Prints one page, or writes all of them.
pub(crate) fn man(arguments: &Man) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    command.build();
    match &arguments.out {
        None => output::write(&page(&command)?)?,
        Some(folder) => pages(&command, folder)?,
    }
    Ok(Exit::Done)
}

fn pages(command: &Command, folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, e: &std::io::Error| {
        Failure::failed(format!("cannot write `{}`: {e}", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    let mut open = vec![command];
    while let Some(command) = open.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let path = folder.join(format!("{name}.1"));
        std::fs::write(&path, page(command)?).map_err(|e| failed(&path, &e))?;
        let shown = |c: &&Command| !c.is_hide_set() && c.get_name() != "help";
        open.extend(command.get_subcommands().filter(shown));
    }
    Ok(())
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|e| Failure::failed(format!("cannot make the page: {e}")))?;
    Ok(page)
}
