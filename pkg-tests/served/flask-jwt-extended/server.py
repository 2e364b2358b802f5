"""Flask with Flask-JWT-Extended: tokens in headers, and below /cookies in cookies with a CSRF value; a block list for log-out."""

from datetime import timedelta

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    get_jwt_identity,
    jwt_required,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
)
from werkzeug.serving import WSGIRequestHandler, make_server

app = Flask(__name__)
app.config.update(
    JWT_SECRET_KEY="a key for tests, longer than thirty-two bytes",
    JWT_TOKEN_LOCATION=["headers", "cookies"],
    JWT_ACCESS_TOKEN_EXPIRES=timedelta(seconds=5),
    # The tests speak plain HTTP.
    JWT_COOKIE_SECURE=False,
    JWT_CSRF_CHECK_FORM=False,
)
jwt = JWTManager(app)
revoked = set()


@jwt.token_in_blocklist_loader
def is_revoked(_, payload):
    return payload["jti"] in revoked


def is_right():
    given = request.get_json()
    return given.get("username") == "ada" and given.get("password") == "correct horse 9"


def bad():
    return jsonify(msg="Bad username or password"), 401


@app.post("/login")
def login():
    if not is_right():
        return bad()
    return jsonify(access_token=create_access_token("ada"), refresh_token=create_refresh_token("ada"))


@app.post("/refresh")
@jwt_required(refresh=True, locations=["headers"])
def refresh():
    return jsonify(access_token=create_access_token(get_jwt_identity()))


@app.delete("/logout")
@jwt_required(verify_type=False)
def logout():
    revoked.add(get_jwt()["jti"])
    return jsonify(msg="token revoked")


@app.post("/cookies/login_with_cookies")
def cookie_login():
    if not is_right():
        return bad()
    response = jsonify(msg="login successful")
    set_access_cookies(response, create_access_token("ada"))
    set_refresh_cookies(response, create_refresh_token("ada"))
    return response


@app.post("/cookies/refresh")
@jwt_required(refresh=True, locations=["cookies"])
def cookie_refresh():
    response = jsonify(msg="refresh successful")
    set_access_cookies(response, create_access_token(get_jwt_identity()))
    return response


@app.post("/cookies/logout_with_cookies")
@jwt_required(locations=["cookies"], optional=True)
def cookie_logout():
    if get_jwt():
        revoked.add(get_jwt()["jti"])
    response = jsonify(msg="logout successful")
    unset_jwt_cookies(response)
    return response


@app.route("/me", methods=["GET", "POST"])
@jwt_required(locations=["headers"])
def me():
    return jsonify(username=get_jwt_identity())


@app.route("/cookies/me", methods=["GET", "POST"])
@jwt_required(locations=["cookies"])
def cookie_me():
    return jsonify(username=get_jwt_identity())


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
