//! Measures of a ranking, by their usual definitions. Knows no data.

/// Normalised discounted cumulative gain with gain 2^(level−1) − 1.
pub fn ndcg(levels: &[u32], many: usize) -> f64 {
    let gain = |levels: &[u32]| -> f64 {
        let at = |(rank, level): (usize, &u32)| {
            (2_f64.powf(f64::from(*level) - 1.0) - 1.0) / (rank as f64 + 2.0).log2()
        };
        levels.iter().take(many).enumerate().map(at).sum()
    };
    let mut ideal = levels.to_vec();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = gain(&ideal);
    if best > 0.0 { gain(levels) / best } else { 0.0 }
}

/// One over the rank of the first that fits; 0 where none does.
pub fn reciprocal_rank(fits: &[bool]) -> f64 {
    fits.iter().position(|fit| *fit).map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0))
}

/// The mean over all `relevant` of the precision at their ranks.
pub fn average_precision(fits: &[bool], relevant: usize) -> f64 {
    let hits = fits.iter().enumerate().filter(|(_, fit)| **fit);
    let precisions = hits.enumerate().map(|(before, (rank, _))| (before as f64 + 1.0) / (rank as f64 + 1.0));
    precisions.sum::<f64>() / relevant.max(1) as f64
}

/// A mean to four digits.
pub fn mean(sum: f64, count: usize) -> f64 {
    (sum / count.max(1) as f64 * 10_000.0).round() / 10_000.0
}
