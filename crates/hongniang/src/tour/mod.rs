//! 三分钟导览: the steps that show the demonstration alive, as a page and as a panel on its home page.
//!
//! Stands in the demonstration only. A step whose page is not there is not told. Start at [`STEPS`].

use askama::Template as _;
use axum::response::Html;

use crate::trouble::Trouble;
use crate::view::{Link, StepView, TourPanel, TourView};
use crate::visit::Visit;

/// Where a step leads.
#[derive(Clone, Copy, Debug)]
enum Goal {
    /// An address anyone may open.
    Page(&'static str),
    /// An address for the county's officer: a visitor is shown the officer's link first.
    Officer(&'static str),
}

/// The steps in order; `tour.NAME` and `tour.NAME-note` say what each is and what to see.
const STEPS: [(&str, Goal); 11] = [
    ("home", Goal::Page("/")),
    ("unit", Goal::Page("/regions/330200")),
    ("graph", Goal::Page("/regions/330200/links")),
    ("ask", Goal::Page("/demands/post")),
    ("work", Goal::Officer("/work")),
    ("match", Goal::Page("/demands?stage=published&place=330521")),
    ("figures", Goal::Page("/figures?place=330110")),
    ("targets", Goal::Page("/figures#targets")),
    ("stations", Goal::Page("/stations?view=four_stations")),
    ("export", Goal::Page("/demands.xlsx")),
    ("compare", Goal::Page("/compare")),
];

/// `GET /tour`.
pub async fn show(visit: Visit) -> Result<Html<String>, Trouble> {
    if !visit.app.site().demonstration {
        return Err(Trouble::NotFound);
    }
    let view = TourView {
        page: visit.public_page(visit.t("tour.title"), visit.t("tour.lead")),
        steps: STEPS.iter().map(|step| step_view(&visit, step)).collect(),
    };
    Ok(Html(view.render()?))
}

/// The panel of the home page: the step after it, and the way to all of them.
pub fn panel(visit: &Visit) -> Option<TourPanel> {
    let next = STEPS.get(1).filter(|_| visit.app.site().demonstration)?;
    Some(TourPanel {
        next: step_view(visit, next).link,
        all: visit.link("/tour", visit.texts().fill("tour.all", &[("n", &STEPS.len().to_string())])),
    })
}

fn step_view(visit: &Visit, (name, goal): &(&str, Goal)) -> StepView {
    let label = visit.t(&format!("tour.{name}")).to_owned();
    StepView {
        link: Link { href: address(visit, *goal), label, current: false },
        note: visit.t(&format!("tour.{name}-note")).to_owned(),
    }
}

/// The address of a goal for this visitor. The officer is the first of the demonstration's identities.
fn address(visit: &Visit, goal: Goal) -> String {
    match goal {
        Goal::Officer(_) if visit.signed.is_none() => {
            let officer = visit.app.identities().first();
            visit.href(officer.map_or("/signin", |(_, link)| link.as_str()))
        }
        Goal::Page(path) | Goal::Officer(path) => visit.href(path),
    }
}
