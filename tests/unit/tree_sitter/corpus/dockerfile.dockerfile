FROM python:3 AS build
ARG VERSION=1
ENV HOME=/app
RUN make
