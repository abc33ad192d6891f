"""How the application is started: by ./run on one machine, by docker-compose.yml as separate services."""
