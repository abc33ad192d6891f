# The same image for web, worker, beat and migrate; docker-compose.yml says which command it runs.
FROM python:3.13-slim AS packages
COPY requirements/base.txt /base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /base.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=wor.settings
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin wor
# A new volume takes over the owner of the folder that it covers.
RUN install -d -o 10001 -g 10001 -m 0700 /erasures
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# The settings ask for a key, and nothing of what is made here depends on it.
RUN export SECRET_KEY="only-while-building-$(head -c 32 /dev/urandom | base64 -w 0)" \
    && python manage.py compile_texts \
    && python manage.py collectstatic --noinput
USER 10001:10001
EXPOSE 8000
