//! Invented names, drawn by chance from one seed: the same seed, the same people and firms.
//!
//! Never a living person's name on purpose: every one carries （虚构）, every unit （演示）. Start at [`Names`].

use std::collections::HashSet;

/// Chance from a seed: SplitMix64 (Steele, Lea and Flood 2014), enough to spread a demonstration.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The same seed gives the same draws.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `n`; 0 where there is none.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % n).unwrap_or_default()
    }

    /// One of a slice.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

const SURNAMES: &str =
    "沈陆江徐褚查闻祝柏纪岑阮薛傅钟骆虞夏侯简温卓麦尹邵蒲庄席裴苗乔缪芮柯邬樊宣桑茅应戚贺滕甘谷翁";
const FIRST: &str = "知闻砚予青柏听书怀照若望疏清松竹云溪临见向亦以南北行远思景乐安修牧沐言逢";
const SECOND: &str = "秋笛白舟岩远夏禾川石澄衡宁野微澜森度迟雨晴和朗初一舒岚泽羽星禹棠桐简原";
const FIRM_FIRST: &str = "澜禾衡屿朔岚砺沐澄启恒朗祺瀚栩舜钧翎锘曜瑾翊铄璟霖檀珩沣骁旻";
const FIRM_SECOND: &str = "序渡图川岳原临野合成拓迅凌越泰微纬辰屹航固维声映桥尺印格";
/// What firms that stand in no topic call themselves: nothing that would name a trade.
const TRADES: [&str; 8] = ["科技", "实业", "制造", "技术", "产业发展", "工贸", "创新科技", "智造"];

/// Names given so far.
#[derive(Debug)]
pub struct Names {
    chance: Chance,
    given: HashSet<String>,
}

impl Names {
    /// Nothing given yet; `taken` are names that stand in the files.
    pub fn new(seed: u64, taken: impl IntoIterator<Item = String>) -> Names {
        Names { chance: Chance::new(seed), given: taken.into_iter().collect() }
    }

    /// A person nobody is called yet, marked as invented.
    pub fn person(&mut self) -> String {
        self.fresh(|chance| {
            let parts = [SURNAMES, FIRST, SECOND].map(|from| letter(chance, from));
            format!("{}（虚构）", parts.concat())
        })
    }

    /// A firm nobody is called yet, at a place by its short name, marked as a demonstration.
    pub fn firm(&mut self, place: &str) -> String {
        self.fresh(|chance| {
            let name = [FIRM_FIRST, FIRM_SECOND].map(|from| letter(chance, from)).concat();
            let trade = chance.pick(&TRADES).copied().unwrap_or_default();
            format!("{place}{name}{trade}有限公司（演示）")
        })
    }

    /// The chance names are drawn with, for whatever goes with a name.
    pub fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }

    fn fresh(&mut self, draw: impl Fn(&mut Chance) -> String) -> String {
        loop {
            let name = draw(&mut self.chance);
            if self.given.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn letter(chance: &mut Chance, from: &str) -> String {
    let letters: Vec<char> = from.chars().collect();
    chance.pick(&letters).map(char::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_names_and_none_twice() {
        let draw = || {
            let mut names = Names::new(7, ["沈知秋（虚构）".to_owned()]);
            (0..500).map(|_| names.person()).chain((0..500).map(|_| "x".to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        let mut names = Names::new(7, []);
        let people: HashSet<String> = (0..2000).map(|_| names.person()).collect();
        let firms: HashSet<String> = (0..2000).map(|_| names.firm("余杭")).collect();
        assert_eq!((people.len(), firms.len()), (2000, 2000));
    }
}
