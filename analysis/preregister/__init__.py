"""From a study file to a preregistration, before anybody takes part."""
