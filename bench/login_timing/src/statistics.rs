//! Two tests of whether two samples are drawn from one distribution. Neither assumes a shape: times of hashing have long
//! tails, for which a comparison of means is blind.

/// What the tests say about two samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    /// The two-sided p of the Mann-Whitney U test: is one of them slower?
    pub(crate) p_rank: f64,
    /// The p of the two-sample Kolmogorov-Smirnov test: do they differ in any way?
    pub(crate) p_shape: f64,
    /// How often a sample of the second is slower than one of the first: 0.5 tells nothing, 1 everything.
    pub(crate) auc: f64,
}

pub(crate) fn compare(first: &[f64], second: &[f64]) -> Verdict {
    let (auc, p_rank) = mann_whitney(first, second);
    Verdict { p_rank, p_shape: kolmogorov_smirnov(first, second), auc }
}

pub(crate) fn median(sample: &[f64]) -> f64 {
    let sorted = sorted(sample);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn sorted(sample: &[f64]) -> Vec<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// By ranks, with the normal approximation, which holds from some twenty samples on. Times in nanoseconds hardly ever tie.
fn mann_whitney(first: &[f64], second: &[f64]) -> (f64, f64) {
    let (n, m) = (first.len() as f64, second.len() as f64);
    let mut all: Vec<(f64, bool)> = first.iter().map(|it| (*it, false)).collect();
    all.extend(second.iter().map(|it| (*it, true)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks: f64 = all.iter().enumerate().filter(|(_, it)| it.1).map(|(at, _)| at as f64 + 1.0).sum();
    let u = ranks - m * (m + 1.0) / 2.0;
    let z = (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    (u / (n * m), 2.0 * normal_tail(z.abs()))
}

/// By the largest distance of the two distribution functions, with Kolmogorov's limit.
fn kolmogorov_smirnov(first: &[f64], second: &[f64]) -> f64 {
    let (a, b) = (sorted(first), sorted(second));
    let below = |sorted: &[f64], it: f64| sorted.partition_point(|other| *other <= it) as f64 / sorted.len() as f64;
    let distance = a.iter().chain(&b).map(|it| (below(&a, *it) - below(&b, *it)).abs()).fold(0.0, f64::max);
    let size = (a.len() * b.len()) as f64 / (a.len() + b.len()) as f64;
    let lambda = (size.sqrt() + 0.12 + 0.11 / size.sqrt()) * distance;
    let term = |k: i32| f64::from(if k % 2 == 1 { 1 } else { -1 }) * (-2.0 * (f64::from(k) * lambda).powi(2)).exp();
    if lambda < 0.2 { 1.0 } else { (2.0 * (1..=100).map(term).sum::<f64>()).clamp(0.0, 1.0) }
}

/// The upper tail of the normal distribution, to seven digits (Abramowitz and Stegun 26.2.17).
fn normal_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = series.iter().rev().fold(0.0, |sum, it| (sum + it) * t);
    (sum * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()).clamp(0.0, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_distribution_is_one_and_a_shifted_one_is_another() {
        let first: Vec<f64> = (0..500).map(|it| f64::from(2 * it)).collect();
        let second: Vec<f64> = (0..500).map(|it| f64::from(2 * it + 1)).collect();
        let same = compare(&first, &second);
        assert!(same.p_rank > 0.05 && same.p_shape > 0.05 && (same.auc - 0.5).abs() < 0.05, "{same:?}");
        let shifted: Vec<f64> = second.iter().map(|it| it + 250.0).collect();
        let other = compare(&first, &shifted);
        assert!(other.p_rank < 1e-5 && other.p_shape < 1e-5 && other.auc > 0.55, "{other:?}");
    }

    #[test]
    fn a_wider_distribution_with_the_same_middle_is_seen_by_its_shape() {
        let narrow: Vec<f64> = (0..500).map(|it| f64::from(it % 100) - 49.5).collect();
        let wide: Vec<f64> = narrow.iter().map(|it| it * 3.0).collect();
        assert!(compare(&narrow, &wide).p_shape < 1e-6);
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        assert!((normal_tail(1.959_964) - 0.025).abs() < 1e-6 && (normal_tail(0.0) - 0.5).abs() < 1e-6);
    }
}
