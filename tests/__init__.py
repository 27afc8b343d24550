"""Tests, one file a module; `district` is the small district that they share."""
