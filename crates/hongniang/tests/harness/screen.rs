//! Someone at a screen: what a person does on the pages of the house, and that no page they come to is wider than it.
//!
//! Knows the shape of pages and no kind. Start at [`Person::at_a_desk`] and [`Person::on_a_phone`].

use super::House;
use super::browser::{Browser, Window};

/// Someone at a screen of this width.
pub struct Person {
    pub browser: Browser,
    width: u64,
}

impl Person {
    /// At a window and how wide it is.
    pub async fn at(house: &House, (window, width): (Window, u64)) -> Person {
        Person { browser: Browser::start(window, &house.url("")).await, width }
    }

    pub async fn at_a_desk(house: &House) -> Person {
        Person::at(house, (Window::DESK, 1280)).await
    }

    pub async fn without_scripts(house: &House) -> Person {
        Person::at(house, (Window::WITHOUT_SCRIPTS, 1280)).await
    }

    pub async fn on_a_phone(house: &House) -> Person {
        Person::at(house, (Window::PHONE, 390)).await
    }

    /// The page says all of these, and is no wider than the screen.
    pub async fn sees(&self, words: &[&str]) {
        let (here, page) = (self.browser.path().await, self.browser.text().await);
        for word in words {
            assert!(page.contains(word), "no {word} on {here}:\n{page}");
        }
        let wide = self.browser.evaluate("document.documentElement.scrollWidth").await;
        let wide = wide.as_u64().unwrap_or_default();
        assert!((300..=self.width).contains(&wide), "{here} is {wide} wide");
    }

    pub async fn opens(&self, path: &str, words: &[&str]) {
        self.browser.open(path).await;
        self.sees(words).await;
    }

    pub async fn fills(&self, typed: &[(&str, &str)]) {
        for (name, text) in typed {
            self.browser.fill(name, text).await;
        }
    }

    /// What stands in an input.
    pub async fn stands(&self, name: &str) -> String {
        let value =
            self.browser.evaluate(&format!("document.querySelector(\"main [name='{name}']\").value")).await;
        value.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Looks a record up for a field, and takes it.
    pub async fn picks(&self, field: &str, title: &str) {
        self.browser.press(&format!("main button[name=find][value={field}]")).await;
        let name = self.browser.evaluate("document.querySelector('#pick-query').name").await;
        self.browser.fill(name.as_str().unwrap_or_default(), title).await;
        self.browser.press(".find-line button").await;
        assert_eq!(self.browser.text_of(".pick-row .row-title").await, title);
        self.browser.press(".pick-row button").await;
    }

    /// Opens the form of a move from the page of a record.
    pub async fn begins(&self, record: &str, name: &str) {
        self.browser.open(record).await;
        self.browser.press(&format!(".offers a[href$='/moves/{name}']")).await;
    }

    /// Makes a move that asks nothing that is not filled in already.
    pub async fn makes(&self, record: &str, name: &str, stage: &str) {
        self.begins(record, name).await;
        self.ends(stage).await;
    }

    /// Sends the form, after which the record is at a stage.
    pub async fn ends(&self, stage: &str) {
        self.browser.submit().await;
        assert_eq!(self.browser.text_of(".record-head .badge").await, stage);
        self.sees(&[]).await;
    }

    /// From a page to a page by a link of it.
    pub async fn goes(&self, from: &str, link: &str) {
        self.browser.open(from).await;
        self.browser.go(link).await;
    }

    pub async fn becomes_someone(&self, link: &str) {
        self.browser.forget().await;
        self.browser.enter(link).await;
    }

    /// The grade of evidence on the page of an outcome.
    pub async fn grade(&self, outcome: &str) -> String {
        self.browser.open(outcome).await;
        self.browser.text_of(".evidence .grade").await
    }
}
