using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ApiKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_api_keys_grant_id",
                table: "api_keys");

            migrationBuilder.AlterColumn<long>(
                name: "expires_at",
                table: "api_keys",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "INTEGER",
                oldNullable: true);

            migrationBuilder.AddColumn<string>(
                name: "organization_id",
                table: "api_keys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "api_keys",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_created_at_id",
                table: "api_keys",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_expires_at",
                table: "api_keys",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_grant_id",
                table: "api_keys",
                column: "grant_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_organization_id_created_at",
                table: "api_keys",
                columns: new[] { "organization_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_revoked_at",
                table: "api_keys",
                column: "revoked_at");

            migrationBuilder.AddForeignKey(
                name: "fk_api_keys_organizations_organization_id",
                table: "api_keys",
                column: "organization_id",
                principalTable: "organizations",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_api_keys_organizations_organization_id",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_created_at_id",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_expires_at",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_grant_id",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_organization_id_created_at",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_revoked_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "organization_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "version",
                table: "api_keys");

            migrationBuilder.AlterColumn<long>(
                name: "expires_at",
                table: "api_keys",
                type: "INTEGER",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "INTEGER");

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_grant_id",
                table: "api_keys",
                column: "grant_id");
        }
    }
}
