"""What people do about their own sign-in: password, second factor, sessions, links to other doors, tokens."""
