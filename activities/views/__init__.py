"""The sociale kaart: finding, for who is signed in and for anybody, and keeping."""
