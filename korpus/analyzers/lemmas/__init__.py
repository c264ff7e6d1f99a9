"""Dictionary forms of verbs and adjectives (용언)."""
