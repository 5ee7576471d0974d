"""my_work"""
from flask import Blueprint

bp = Blueprint("my_work", __name__, url_prefix="/my-work")
