"""The frame around every page, the small parts pages are made of, sign-in and error pages."""
