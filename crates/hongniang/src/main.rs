//! Hongniang (红娘): the open, self-hosted software for 科技经济融合. One program, one data folder.
//!
//! `router` shows every address, `cli` every command; each folder is one thing people come to do. Nothing here
//! decides who may do what: the catalogue says it and the register keeps it.

mod accounts;
mod app;
mod assets;
mod bench;
mod campaigns;
mod casework;
mod cli;
mod clock;
mod collect;
mod combining;
mod compare;
mod demo;
mod dispatch;
mod effects;
mod embedded;
mod fields;
mod figures;
mod folder;
mod gatherings;
mod health;
mod home;
mod jobs;
mod letter;
mod lists;
mod locale;
mod notices;
mod openapi;
mod openings;
mod ordering;
mod outside;
mod pairing;
mod plan;
mod privacy;
mod problem;
mod records;
mod regions;
mod router;
mod search;
mod secret;
mod serve;
mod service_year;
mod sheets;
mod shell;
mod sides;
mod signin;
mod stations;
mod tour;
mod trouble;
mod view;
mod visit;
mod why;
mod wiring;
mod work;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // For people: the chain of causes, no backtrace.
            eprintln!("hongniang: {error:#}");
            ExitCode::FAILURE
        }
    }
}
