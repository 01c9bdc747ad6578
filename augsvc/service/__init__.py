"""The HTTP service: FastAPI over views and pipelines. It decides status codes and media types, and computes nothing.

`app.create_app` builds the application, `server.run` serves it with uvicorn.
"""
