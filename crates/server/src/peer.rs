//! The other end of a connection, as the listener hands it over.

use std::{fmt, net::IpAddr};

/// Which surfaces a listener serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SurfaceSet(u64);

/// A listener names a surface that does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownSurface(pub String);

impl fmt::Display for UnknownSurface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = crate::router::SURFACES.iter().map(|s| s.name).collect();
        write!(f, "there is no surface `{}`; there are {}", self.0, known.join(", "))
    }
}

impl std::error::Error for UnknownSurface {}

impl SurfaceSet {
    /// All of them.
    pub const ALL: Self = Self(u64::MAX);

    /// The named ones.
    ///
    /// # Errors
    /// A name that no surface has.
    pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Self, UnknownSurface> {
        let mut set = 0;
        for name in names {
            let index = crate::router::SURFACES
                .iter()
                .position(|s| s.name == name.as_ref())
                .ok_or_else(|| UnknownSurface(name.as_ref().to_owned()))?;
            set |= 1 << index;
        }
        Ok(Self(set))
    }

    /// Whether the surface at this place of the list is served.
    #[must_use]
    pub const fn holds(self, index: usize) -> bool {
        index < 64 && self.0 & (1 << index) != 0
    }
}

impl fmt::Debug for SurfaceSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SurfaceSet({:#x})", self.0)
    }
}

/// Who is at the other end, and of which listener.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
    /// The socket's address; `None` in process.
    pub address: Option<IpAddr>,
    /// What the listener serves.
    pub surfaces: SurfaceSet,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
}

impl Peer {
    /// A caller within the process: no address, every surface.
    pub const IN_PROCESS: Self =
        Self { address: None, surfaces: SurfaceSet::ALL, encrypted: false };

    /// A caller at the other end of a listener's connection.
    pub(crate) const fn of(address: IpAddr, surfaces: SurfaceSet, encrypted: bool) -> Self {
        Self { address: Some(address), surfaces, encrypted }
    }

    /// A caller at `address`, every surface.
    #[must_use]
    pub const fn at(address: IpAddr) -> Self {
        Self { address: Some(address), surfaces: SurfaceSet::ALL, encrypted: false }
    }
}
