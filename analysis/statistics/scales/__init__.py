"""Questionnaires: answers as numbers, their reliability, and conditions compared by them."""
