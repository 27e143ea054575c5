//! Every address of the house, and nothing else. English stands under `/en` (see `shell`).
//!
//! `/{path}` is a kind's part of the address, from the catalogue: demands, people, achievements, …

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use base::limits;

use crate::app::App;
use crate::records::{api, edit, import, links, merge, pages};
use crate::{
    accounts, assets, campaigns, casework, collect, combining, compare, dispatch, effects, figures,
    gatherings, health, home, lists, notices, openapi, openings, ordering, pairing, plan, privacy, regions,
    search, service_year, signin, stations, tour, work,
};

/// The routes.
pub fn routes() -> Router<App> {
    let uploads = DefaultBodyLimit::max(limits::UPLOAD_BYTES_MAX);
    who_one_is()
        // people who come by
        .route("/", get(home::show))
        .route("/search", get(search::pages::search))
        .route("/static/{name}", get(assets::send))
        .route("/favicon.ico", get(assets::favicon))
        .route("/robots.txt", get(assets::robots))
        .route("/health", get(health::check))
        .route("/api", get(openapi::page))
        .route("/large-type", post(signin::pages::large_type))
        // figures
        .route("/figures", get(figures::pages::overview))
        .route("/figures.{ending}", get(figures::pages::export))
        .route("/figures/{indicator}", get(figures::pages::indicator))
        .route("/live", get(figures::pages::live))
        // regions
        .route("/regions", get(regions::tiles::show))
        .route("/regions.{ending}", get(regions::tiles::export))
        .route("/regions/{code}", get(regions::unit::show))
        .route("/regions/{code}/links", get(regions::links::show))
        // what waits for me
        .route("/work", get(work::list))
        .route("/work.{ending}", get(work::export))
        .merge(told())
        // the documents behind it all
        .route("/compare", get(compare::show))
        .route("/compare.{ending}", get(compare::export))
        .route("/lists", get(lists::show))
        .route("/lists.{ending}", get(lists::export))
        .route("/tour", get(tour::show))
        // a programme as people know it
        .route("/programmes/{number}/plan", get(plan::show))
        .route("/programmes/{number}/campaign", get(campaigns::show))
        .route("/programmes/{number}/campaign.{ending}", get(campaigns::export))
        .route("/programmes/{number}/campaign/invite", post(campaigns::receive).layer(uploads))
        .route("/programmes/{number}/campaign/links", post(campaigns::links))
        .route("/programmes/{number}/campaign/remind", post(campaigns::remind))
        .merge(people_and_events())
        // a demand beside who fits it
        .route("/demands/{number}/match", get(pairing::pages::show).post(pairing::pages::judge))
        .route("/demands/{number}/match.{ending}", get(pairing::pages::export))
        .route("/matches/{number}/invite", get(pairing::invite::form).post(pairing::invite::send))
        // an outcome is confirmed by whom it benefits
        .route("/outcomes/{number}/confirmation", get(effects::confirm::form).post(effects::confirm::send))
        // claims that do not fit together
        .route("/claims", get(effects::claims::list))
        .route("/claims.{ending}", get(effects::claims::export))
        .route("/claims/check", get(effects::claims::check))
        .route("/claims/settle", post(effects::claims::settle))
        .route("/claims/distinct", post(effects::claims::distinct))
        // a service is ordered
        .route("/services/{number}/order", get(ordering::form).post(ordering::place).layer(uploads))
        .route("/demands/behalf", get(collect::behalf::form).post(collect::behalf::enter))
        .route("/demands/common", get(combining::form).post(combining::combine))
        .merge(cases(uploads))
        .merge(recognition(uploads))
        .merge(records(uploads))
        // the same things for programs
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/search", get(api::search))
        .route("/api/v1/{path}", get(api::list).post(api::create))
        .route("/api/v1/{path}/{number}", get(api::show).put(api::revise).delete(api::erase))
        .route("/api/v1/{path}/{number}/moves/{move}", post(api::make))
        .route("/api/v1/{path}/{number}/merge", post(api::merge))
        .route("/api/v1/{path}/{number}/open", post(api::open))
        .merge(people())
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES_MAX))
}

/// Cases as they are worked.
fn cases(uploads: DefaultBodyLimit) -> Router<App> {
    Router::new()
        .route("/visits/quick", get(casework::quick::form).post(casework::quick::note).layer(uploads))
        .route("/visits/quick/offline", get(casework::quick::offline))
        .route("/quick-worker.js", get(assets::worker))
        .route("/visits/ledger", get(casework::ledger::show))
        .route("/visits/ledger.{ending}", get(casework::ledger::export))
        .route("/demands/{number}/suggest", get(pairing::suggest::form).post(pairing::suggest::put_forward))
        .route("/events/{number}/slips", get(casework::slips::show).post(casework::slips::receive))
        .route("/agreements/{number}/registration", get(casework::registration::show))
        .route("/agreements/{number}/registration.{ending}", get(casework::registration::export))
}

/// Who goes where, who takes part, what is decided.
fn people_and_events() -> Router<App> {
    Router::new()
        .route("/dispatch", get(dispatch::show))
        .route("/dispatch.{ending}", get(dispatch::export))
        .route("/pairs", get(dispatch::pairs::show))
        .route("/pairs.{ending}", get(dispatch::pairs::export))
        .route(
            "/events/{number}/attendance",
            get(gatherings::attendance::show).post(gatherings::attendance::change),
        )
        .route("/people/{number}/record", get(service_year::show).post(service_year::issue))
        .route("/events/{number}/attendance.{ending}", get(gatherings::attendance::export))
        .route(
            "/events/{number}/decisions",
            get(gatherings::decisions::form).post(gatherings::decisions::keep),
        )
}

/// Stations from application to exit.
fn recognition(uploads: DefaultBodyLimit) -> Router<App> {
    Router::new()
        .route("/organizations/{number}/apply", get(stations::apply::form))
        .route("/applications/{number}/panel", get(stations::panel::show).post(stations::panel::name))
        .route(
            "/applications/{number}/object",
            get(stations::objecting::form).post(stations::objecting::raise),
        )
        .route(
            "/reviews/{number}/moves/submit",
            get(stations::scoring::review_form).post(stations::scoring::review_enter),
        )
        .route(
            "/evaluations/{number}/moves/score",
            get(stations::scoring::evaluation_form).post(stations::scoring::evaluation_enter),
        )
        .route("/stations/{number}/dossier", get(stations::dossier::show))
        .route("/stations/quiet", get(stations::quiet::show))
        .route("/stations/quiet.{ending}", get(stations::quiet::export))
        .route("/stations/rounds", get(stations::rounds::list).post(stations::rounds::begin))
        .route("/stations/rounds/{round}", get(stations::rounds::show))
        .route("/check", get(stations::check::form).post(stations::check::look))
        .route("/check/{code}", get(stations::check::show))
        .layer(uploads)
}

/// What I am told.
fn told() -> Router<App> {
    Router::new()
        .route("/notices", get(notices::pages::list).post(notices::pages::read))
        .route("/notices.{ending}", get(notices::pages::export))
        .route("/notices/channels", get(notices::channels::list).post(notices::channels::add))
        .route("/notices/channels/{channel}", post(notices::channels::change))
        .route("/notices/dead", get(notices::dead::list).post(notices::dead::decide))
        .route("/notices/dead.{ending}", get(notices::dead::export))
}

/// Signing in, and one's own account.
fn who_one_is() -> Router<App> {
    Router::new()
        .route("/signin", get(signin::pages::form).post(signin::pages::enter))
        .route("/signout", post(signin::pages::leave))
        .route("/l/{secret}", get(signin::links::show).post(signin::links::enter))
        .route("/signin/code", get(signin::pages::code_form).post(signin::pages::enter_by_code))
        .route("/signin/oidc", get(signin::provider::go))
        .route("/signin/oidc/back", get(signin::provider::back))
        .route("/signin/bind", get(signin::provider::bind_form).post(signin::provider::bind))
        .route("/account", get(signin::account::show))
        .route("/account/password", get(signin::account::password_form).post(signin::account::set_password))
        .route("/account/second", get(signin::second::form).post(signin::second::set))
        .route("/account/sessions", post(signin::account::end_sessions))
        .route("/account/identities", post(signin::account::unbind))
}

/// People who have an account, what they hold, and who does their work while they are away.
fn people() -> Router<App> {
    Router::new()
        .route("/account/leave", get(accounts::leave::show).post(accounts::leave::change))
        .route("/account/data", get(privacy::mine::show).post(privacy::mine::change))
        .route("/account/data.{ending}", get(privacy::carry::export))
        .route("/privacy", get(privacy::notice))
        .route("/erasures", get(privacy::desk::list).post(privacy::desk::decide))
        .route("/account/seat", post(accounts::leave::sit))
        .route("/accounts", get(accounts::desk::list))
        .route("/accounts.{ending}", get(accounts::desk::export))
        .route("/accounts/invite", get(accounts::invite::form).post(accounts::invite::send))
        .route("/accounts/leave/{row}", get(accounts::leave::show_of).post(accounts::leave::change_of))
        .route("/accounts/{row}", get(accounts::one::show))
        .route("/accounts/{row}/roles", post(accounts::one::change))
        .route("/accounts/{row}/invitation", post(accounts::one::invitation))
        .route(
            "/organizations/{number}/members",
            get(accounts::members::list).post(accounts::members::change),
        )
        .route("/organizations/{number}/join", get(accounts::members::ask).post(accounts::members::join))
}

/// Records of every kind.
fn records(uploads: DefaultBodyLimit) -> Router<App> {
    Router::new()
        .route("/files/{record}/{hash}", get(pages::file))
        .route("/{path}", get(pages::list))
        .route("/{path}/post", get(collect::start).post(collect::keep).layer(uploads))
        .route("/{path}/new", get(edit::new_form).post(edit::create).layer(uploads))
        .route("/{path}/import", get(import::form).post(import::receive).layer(uploads))
        .route("/{path}/import/{job}", get(import::progress))
        .route("/{path}/import/blank.xlsx", get(import::blank))
        .route("/{path}/{number}", get(pages::show))
        .route("/{path}/{number}/posted", get(collect::posted))
        .route("/{path}/{number}/open", post(pages::open))
        .route("/{path}/{number}/openings", get(openings::show))
        .route("/{path}/{number}/openings/new", get(openings::new_form).post(openings::open))
        .route("/{path}/{number}/openings/{tie}/end", post(openings::end))
        .route("/{path}/{number}/links", get(links::show).post(links::change))
        .route("/{path}/{number}/merge", get(merge::form).post(merge::merge))
        .route("/{path}/{number}/edit", get(edit::edit_form).post(edit::revise).layer(uploads))
        .route("/{path}/{number}/moves/{move}", get(edit::move_form).post(edit::make).layer(uploads))
}
