"""chase"""
from flask import Blueprint

bp = Blueprint("chase", __name__, url_prefix="/chase")
