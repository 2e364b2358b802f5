//! What few documents need, as a type.

use std::ops::{Deref, DerefMut};
#[cfg(not(feature = "full"))]
use std::{convert::Infallible, marker::PhantomData};

/// Something that only a build with the feature `full` ever has. Without it there is no value of this type: an `Option` of one is
/// `None` at compile time, and whatever is done with it costs nothing.
#[cfg(feature = "full")]
#[derive(Clone, Debug, PartialEq)]
pub struct Rare<T>(T);

/// Something that only a build with the feature `full` ever has: here there is no value of this type.
#[cfg(not(feature = "full"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Rare<T>(Infallible, PhantomData<T>);

#[cfg(feature = "full")]
impl<T> Rare<T> {
    /// `None` in a build without the feature `full`.
    pub const fn new(value: T) -> Option<Rare<T>> {
        Some(Rare(value))
    }

    /// What it is.
    pub fn into_inner(self) -> T {
        self.0
    }
}

#[cfg(not(feature = "full"))]
impl<T> Rare<T> {
    /// `None` in this build.
    pub fn new(_: T) -> Option<Rare<T>> {
        None
    }

    /// Never called.
    pub const fn into_inner(self) -> T {
        match self.0 {}
    }
}

impl<T> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        #[cfg(feature = "full")]
        return &self.0;
        #[cfg(not(feature = "full"))]
        match self.0 {}
    }
}

impl<T> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        #[cfg(feature = "full")]
        return &mut self.0;
        #[cfg(not(feature = "full"))]
        match self.0 {}
    }
}
