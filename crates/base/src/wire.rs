//! Wire form of values that are one text: they travel as their canonical text and are parsed back.
//!
//! Never weakens a type: what does not parse does not deserialise.

/// Implements `Serialize` by `Display` and `Deserialize` by `FromStr`.
macro_rules! text_on_the_wire {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_on_the_wire;
