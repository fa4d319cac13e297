using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class AdministrationLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_users_is_administrator",
                table: "users",
                column: "is_administrator",
                filter: "is_administrator = TRUE");

            migrationBuilder.CreateIndex(
                name: "ix_sessions_created_at_id",
                table: "sessions",
                columns: new[] { "created_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_users_is_administrator",
                table: "users");

            migrationBuilder.DropIndex(
                name: "ix_sessions_created_at_id",
                table: "sessions");
        }
    }
}
