//! Smooth images by convolution with a separable Gaussian kernel.

pub struct Kernel {
    weights: Vec<f32>,
}

impl Kernel {
    pub fn gaussian(sigma: f32) -> Self {
        let radius = (3.0 * sigma).ceil() as i32;
        let mut weights: Vec<f32> = (-radius..=radius)
            .map(|x| (-(x * x) as f32 / (2.0 * sigma * sigma)).exp())
            .collect();
        let sum: f32 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        Kernel { weights }
    }

    pub fn convolve_row(&self, row: &[f32]) -> Vec<f32> {
        let radius = self.weights.len() / 2;
        (0..row.len())
            .map(|x| {
                self.weights.iter().enumerate().map(|(i, w)| {
                    let at = (x + i).saturating_sub(radius).min(row.len() - 1);
                    w * row[at]
                }).sum()
            })
            .collect()
    }
}
