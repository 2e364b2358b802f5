"""FastAPI with fastapi-users: one back end of bearer JWTs, and one of cookies that stand for rows in the database."""

import asyncio
import socket
import uuid
from contextlib import asynccontextmanager

import uvicorn
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, CookieTransport, JWTStrategy
from fastapi_users.authentication.strategy.db import DatabaseStrategy
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase, SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

SECRET = "a key for tests, longer than thirty-two bytes"
LIFETIME_SECS = 5
engine = create_async_engine("sqlite+aiosqlite:///db.sqlite3")
database = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    pass


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


class Users(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    reset_password_token_secret = SECRET
    verification_token_secret = SECRET


async def session():
    async with database() as it:
        yield it


async def users(it=Depends(session)):
    yield Users(SQLAlchemyUserDatabase(it, User))


def jwt():
    return JWTStrategy(secret=SECRET, lifetime_seconds=LIFETIME_SECS)


def rows(it=Depends(session)):
    return DatabaseStrategy(SQLAlchemyAccessTokenDatabase(it, AccessToken), lifetime_seconds=LIFETIME_SECS)


bearer = AuthenticationBackend(name="jwt", transport=BearerTransport(tokenUrl="auth/jwt/login"), get_strategy=jwt)
# The tests speak plain HTTP.
cookie = AuthenticationBackend(name="cookie", transport=CookieTransport(cookie_secure=False), get_strategy=rows)
fastapi_users = FastAPIUsers[User, uuid.UUID](users, [bearer, cookie])


@asynccontextmanager
async def lifespan(_):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database() as it:
        ada = schemas.BaseUserCreate(email="ada@example.com", password="correct horse 9")
        await Users(SQLAlchemyUserDatabase(it, User)).create(ada)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(fastapi_users.get_auth_router(bearer), prefix="/auth/jwt")
app.include_router(fastapi_users.get_auth_router(cookie), prefix="/auth/cookie")
app.include_router(fastapi_users.get_users_router(schemas.BaseUser[uuid.UUID], schemas.BaseUserUpdate), prefix="/users")

listener = socket.create_server(("127.0.0.1", 0))
asyncio.run(uvicorn.Server(uvicorn.Config(app, log_level="warning")).serve([listener]))
