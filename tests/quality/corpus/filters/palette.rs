use std::collections::HashMap;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Reduce an image to its most frequent colours.
pub fn quantize(pixels: &[Rgb], most: usize) -> Vec<Rgb> {
    let mut counts: HashMap<Rgb, usize> = HashMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), colour.0));
    colours.into_iter().take(most).map(|(colour, _)| colour).collect()
}

pub fn nearest(palette: &[Rgb], wanted: Rgb) -> Option<Rgb> {
    palette.iter().copied().min_by_key(|c| {
        let d = |a: u8, b: u8| (a as i32 - b as i32).pow(2);
        d(c.0, wanted.0) + d(c.1, wanted.1) + d(c.2, wanted.2)
    })
}
