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
    /// An address for one of the identities: whoever is somebody else is shown the link of that identity first.
    As(&'static str, &'static str),
}

/// The county's officer among the identities.
const OFFICER: &str = "施小满";

/// The steps in order; `tour.NAME` and `tour.NAME-note` say what each is and what to see.
const STEPS: [(&str, Goal); 16] = [
    ("home", Goal::Page("/")),
    ("unit", Goal::Page("/regions/330200")),
    ("graph", Goal::Page("/regions/330200/links")),
    ("ask", Goal::Page("/demands/post")),
    ("work", Goal::As(OFFICER, "/work")),
    ("match", Goal::Page("/demands?stage=published&place=330521")),
    ("expert", Goal::As("沈砚秋", "/work")),
    ("case", Goal::As(OFFICER, "/cases?stage=under_way&place=330521")),
    ("confirm", Goal::As("郑知远", "/outcomes?evidence=d&type=revenue&place=330521")),
    ("figures", Goal::Page("/figures?place=330110")),
    ("targets", Goal::Page("/figures#targets")),
    ("stations", Goal::Page("/stations?view=four_stations")),
    ("rounds", Goal::As("演示管理员", "/stations/rounds")),
    ("brief", Goal::As("简修远", "/reports?type=brief&stage=asked")),
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

/// The address of a goal for this visitor.
fn address(visit: &Visit, goal: Goal) -> String {
    let (who, path) = match goal {
        Goal::Page(path) => return visit.href(path),
        Goal::As(who, path) => (who, path),
    };
    if visit.signed.as_ref().is_some_and(|signed| signed.name.contains(who)) {
        return visit.href(path);
    }
    let link = visit.app.identities().iter().find(|(name, _)| name.contains(who));
    visit.href(link.map_or("/signin", |(_, link)| link.as_str()))
}
