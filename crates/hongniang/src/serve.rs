//! Serving: the listening socket, the runtime, the threads beside it, and a calm end.

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::app::App;
use crate::wiring::{self, Options};
use crate::{jobs, notices, router, search, shell};

/// Opens the store and serves until the process is asked to stop. `ready` is told the address once it answers.
pub fn run(options: &Options, ready: impl FnOnce(&App, &str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let app = wiring::assemble(options)?;
    search::follow(&app)?;
    jobs::work(&app)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(&options.listen)
            .await
            .with_context(|| format!("cannot listen on {}: choose another with --listen", options.listen))?;
        // The store is asked by blocking calls, which a thread of the runtime must announce.
        tokio::task::block_in_place(|| {
            ready(&app, &app.site().origin.clone())?;
            // What the house is filled with before it opens was promised to nobody.
            notices::start(&app)
        })?;
        let service = shell::wrap(router::routes(), app);
        let service = service.into_make_service_with_connect_info::<std::net::SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(asked_to_stop()).await?;
        Ok(())
    })
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
