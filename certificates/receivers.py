"""What happens to certificates when something happens below."""
