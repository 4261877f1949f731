"""The pages a person keeps on top of their navigation: a star in the bar, stored with the person."""
