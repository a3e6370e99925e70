//! Which part of the layout the canvas shows, and how large.

use web_sys::CanvasRenderingContext2d;

/// From world units to CSS pixels: scaled, then moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Camera {
    /// CSS pixels of the canvas.
    width: f64,
    height: f64,
    /// Device pixels per CSS pixel.
    ratio: f64,
    /// CSS pixels per world unit.
    scale: f64,
    left: f64,
    top: f64,
    /// The scale at which everything is seen.
    whole: f64,
}

/// A small system is not drawn larger than this.
const FIT_MAX: f64 = 2.4;
/// How near one can come, compared with the whole.
const ZOOM_MAX: f64 = 12.0;

impl Default for Camera {
    fn default() -> Self {
        Camera { width: 1.0, height: 1.0, ratio: 1.0, scale: 1.0, left: 0.0, top: 0.0, whole: 1.0 }
    }
}

impl Camera {
    /// How many times as wide as high the canvas is.
    pub(super) fn aspect(&self) -> f64 {
        self.width / self.height
    }

    /// CSS pixels per world unit.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    pub(super) fn resize(&mut self, width: f64, height: f64, ratio: f64) {
        (self.width, self.height, self.ratio) = (width.max(1.0), height.max(1.0), ratio.max(0.1));
    }

    /// Shows all of something of this size, in the middle.
    pub(super) fn look_at(&mut self, width: f64, height: f64) {
        let fit = (self.width / width.max(1.0)).min(self.height / height.max(1.0));
        self.whole = fit.min(FIT_MAX);
        self.scale = self.whole;
        self.left = (self.width - width * self.scale) / 2.0;
        self.top = (self.height - height * self.scale) / 2.0;
    }

    pub(super) fn zoom(&mut self, factor: f64, x: f64, y: f64) {
        let scale = (self.scale * factor).clamp(self.whole, self.whole * ZOOM_MAX);
        let factor = scale / self.scale;
        self.scale = scale;
        self.left = x - (x - self.left) * factor;
        self.top = y - (y - self.top) * factor;
    }

    pub(super) fn pan(&mut self, x: f64, y: f64) {
        self.left += x;
        self.top += y;
    }

    /// From CSS pixels on the canvas to world units.
    pub(super) fn to_world(self, x: f64, y: f64) -> (f64, f64) {
        ((x - self.left) / self.scale, (y - self.top) / self.scale)
    }

    pub(super) fn apply(&self, context: &CanvasRenderingContext2d) {
        let scale = self.scale * self.ratio;
        let (left, top) = (self.left * self.ratio, self.top * self.ratio);
        // It fails only for numbers that are not finite.
        let _ = context.set_transform(scale, 0.0, 0.0, scale, left, top);
    }
}
