"""What a study can have of its photographs, before anything is attacked, explained or drawn."""
